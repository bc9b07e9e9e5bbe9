//! Addresses of packages, put together as Go's `net/url` and `path` do.

/// A file below an address. The address may be a path, or empty; a query stays behind the file.
pub(crate) fn join(base: &str, below: &str) -> String {
    if base.is_empty() && !below.contains('/') {
        return below.to_owned();
    }
    let (front, fragment) = base.split_once('#').map_or((base, None), |(front, fragment)| (front, Some(fragment)));
    let (front, query) = front.split_once('?').map_or((front, None), |(front, query)| (front, Some(query)));
    let host_end =
        front.find("://").map(|at| at + 3).map(|at| front[at..].find('/').map_or(front.len(), |end| at + end));
    let (host, path) = front.split_at(host_end.unwrap_or(0));
    let path = clean(&format!("{}/{}", decoded(path), below), host.is_empty() && !path.starts_with('/'));
    let mut made = host.to_owned();
    if !host.is_empty() && !path.starts_with('/') {
        made.push('/');
    }
    // What stands before a colon would be a scheme.
    if host.is_empty() && path.split('/').next().is_some_and(|first| first.contains(':')) {
        made.push_str("./");
    }
    made.push_str(&encoded(&path));
    for (sign, part) in [('?', query), ('#', fragment)] {
        if let Some(part) = part {
            made.push(sign);
            made.push_str(part);
        }
    }
    made
}

/// A path without `.`, `..` and empty steps.
fn clean(path: &str, relative: bool) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => drop(steps.pop()),
            ".." if !relative => {}
            step => steps.push(step),
        }
    }
    format!("{}{}", if relative { "" } else { "/" }, steps.join("/"))
}

/// `%20` and its kin as what they stand for; what is none stays.
fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let (mut made, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| path.get(at + 1..at + 3)).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                made.push(byte);
                at += 3;
            }
            None => {
                made.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&made).into_owned()
}

fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn addresses_are_gos() {
        // Each as Helm 4.3 writes it.
        for (base, below, wanted) in [
            ("", "a-1.0.0.tgz", "a-1.0.0.tgz"),
            ("", "a b.tgz", "a b.tgz"),
            ("", "sub/a.tgz", "sub/a.tgz"),
            ("https://x.io", "a.tgz", "https://x.io/a.tgz"),
            ("https://x.io/", "a.tgz", "https://x.io/a.tgz"),
            ("https://X.io:443/charts//old/../", "sub/a.tgz", "https://X.io:443/charts/sub/a.tgz"),
            ("https://x.io/a%20b", "c-1.0.0+d e.tgz", "https://x.io/a%20b/c-1.0.0+d%20e.tgz"),
            ("https://x.io/charts?sig=a/b#c", "a.tgz", "https://x.io/charts/a.tgz?sig=a/b#c"),
            ("charts", "a.tgz", "charts/a.tgz"),
            ("../charts/", "a(1).tgz", "../charts/a%281%29.tgz"),
            ("/charts", "a.tgz", "/charts/a.tgz"),
            ("./", "a:1.tgz", "./a:1.tgz"),
        ] {
            assert_eq!(join(base, below), wanted, "{base} {below}");
        }
    }
}
