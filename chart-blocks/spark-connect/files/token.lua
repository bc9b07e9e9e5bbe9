-- Refuses calls without `authorization: Bearer TOKEN`. The file is read for each call, so that a new token holds at once.
function envoy_on_request(handle)
  local file = io.open("/etc/token/token")
  local token = file and file:read("*a"):gsub("%s+$", "") or ""
  if file then file:close() end
  if token == "" or handle:headers():get("authorization") ~= "Bearer " .. token then
    handle:respond({[":status"] = "401"}, "this Spark Connect server wants a token, and yours is missing or another one")
  end
end
