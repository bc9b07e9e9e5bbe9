"""Fetches what a driver reads from S3 or the web and gives to its executors: jars, Python files, the application.

Left to Spark, each executor would fetch it once more from where it lies, and executors cannot: their S3 client comes by the
same way, and NetworkPolicies let them reach no other host. Runs in an init container, beside prepare.py, with its
settings for S3, and:

  FETCH      addresses, a line each: s3a://bucket/key, https://...
  FETCH_DIR  the folder that the files go to, by their last names

Ends as prepare.py does.
"""

import os
import pathlib
import shutil
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

from prepare import S3, Hopeless, patiently, say


def object_of(address, env):
    """The request for an object of any bucket, and what opens it."""
    place = urllib.parse.urlsplit(address)
    store = S3({**env, "S3_BUCKET": place.netloc})
    scheme, host = store.endpoint.scheme, store.endpoint.netloc
    path = urllib.parse.quote(place.path)
    if store.path_style:
        path = f"/{store.bucket}{path}"
    else:
        host = f"{store.bucket}.{host}"
    headers = store.sign("GET", host, path, b"")
    # As prepare.py, past any proxy.
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=store.context)
    )
    return urllib.request.Request(f"{scheme}://{host}{path}", headers=headers), opener.open


def request(address, env):
    scheme = urllib.parse.urlsplit(address).scheme
    if scheme in ("s3a", "s3"):
        return object_of(address, env)
    if scheme in ("http", "https"):
        return urllib.request.Request(address, headers={"User-Agent": "sparkyard"}), urllib.request.urlopen
    raise Hopeless(f"{address}: only s3a:// and https:// can be fetched")


def fetch(address, target, env):
    partial = target.with_name(target.name + ".part")

    def attempt():
        what, how = request(address, env)
        try:
            with how(what, timeout=60) as answer, partial.open("wb") as file:
                shutil.copyfileobj(answer, file)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                why = {401: "this pod may not read it", 403: "this pod may not read it", 404: "it is not there"}
                raise Hopeless(f"{address}: HTTP {error.code}: {why.get(error.code, error.reason)}")
            raise
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLCertVerificationError):
                raise Hopeless(f"{address}: {error.reason}")
            raise

    patiently(f"cannot read {address}", "Is that host running, and do NetworkPolicies let this pod reach it?", attempt)
    partial.rename(target)
    say(f"{address}: {target.stat().st_size / 1e6:.1f} MB fetched")


def main(env):
    folder = pathlib.Path(env["FETCH_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    seen = {}
    for address in env["FETCH"].splitlines():
        name = address.rsplit("/", 1)[-1]
        if seen.setdefault(name, address) != address:
            raise Hopeless(f"{seen[name]} and {address} have one name: rename one of them")
        fetch(address, folder / name, env)


if __name__ == "__main__":
    try:
        main(os.environ)
    except Hopeless as error:
        say(f"failed: {error}")
        sys.exit(error.code)
