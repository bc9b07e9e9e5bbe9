//! Random templates of the dialect, over values of every kind.

use fastrand::Rng;
use sparkyard_template::functions::{self, Kind};

/// Paths of the values that a template may read, see [`values`].
const PATHS: &[&str] = &[
    ".Values.word",
    ".Values.number",
    ".Values.flag",
    ".Values.list",
    ".Values.map",
    ".Values.map.inner",
    ".Values.nothing",
    ".Values.missing",
    "(.Values.missing).deep",
    ".Release.Name",
    ".Chart.Version",
    ".Template.Name",
    ".Values.map.k1",
];

/// Named templates: of a value, of all that the file sees, its name included, and of all of it in a map.
const HELPERS: &str = "{{ define \"helper\" }}[{{ . }}]{{ end }}\
    {{ define \"word\" }}<{{ .Values.word }}>{{ end }}\
    {{ define \"file\" }}({{ .Template.Name }}{{ include \"word\" . }}){{ end }}\
    {{ define \"index\" }}{{ index . \"Template\" \"Name\" }}{{ end }}\
    {{ define \"pick\" }}{{ pick . \"Template\" | toJson }}{{ end }}\
    {{ define \"range\" }}{{ range $k, $v := . }}{{ if eq $k \"Template\" }}{{ $v.Name }}{{ end }}{{ end }}{{ end }}\
    {{ define \"inside\" }}{{ include \"file\" .root }}{{ include \"word\" .root }}{{ .more | toJson }}{{ end }}";

/// A template that makes one document of text lines.
pub fn template(rng: &mut Rng) -> String {
    let mut text = String::from("text: |-\n");
    for _ in 0..1 + rng.usize(..3) {
        statement(rng, 2, &mut text);
    }
    text.push_str(HELPERS);
    text
}

fn statement(rng: &mut Rng, depth: usize, out: &mut String) {
    let trim = |rng: &mut Rng| if rng.bool() { "-" } else { "" };
    match rng.u8(..if depth == 0 { 3 } else { 10 }) {
        0..=2 => {
            let (left, right) = (trim(rng), if rng.u8(..6) == 0 { "-" } else { "" });
            out.push_str(&format!(
                "  a{{{{{left} {} | toString | replace \"\\n\" \" \" {right}}}}}b\n",
                pipeline(rng, 2)
            ));
        }
        3 => {
            out.push_str(&format!("  {{{{- if {} }}}}\n", pipeline(rng, 1)));
            statement(rng, depth - 1, out);
            if rng.bool() {
                out.push_str(&format!("  {{{{- else if {} }}}}\n", pipeline(rng, 1)));
                statement(rng, depth - 1, out);
            }
            if rng.bool() {
                out.push_str("  {{- else }}\n");
                statement(rng, depth - 1, out);
            }
            out.push_str("  {{- end }}\n");
        }
        4 => {
            out.push_str(&format!("  {{{{- with {} }}}}\n  w{{{{ . | toJson }}}}\n", pipeline(rng, 1)));
            if rng.bool() {
                out.push_str("  {{- else }}\n");
                statement(rng, depth - 1, out);
            }
            out.push_str("  {{- end }}\n");
        }
        5 => {
            let head = ["", "$x := ", "$i, $x := "][rng.usize(..3)];
            let body = match head {
                "" => "{{ . | toJson }}",
                "$x := " => "{{ $x | toJson }}",
                _ => "{{ $i }}={{ $x | toJson }}",
            };
            let stop = ["", "{{ if eq (len (toString .)) 1 }}{{ break }}{{ end }}", "{{ continue }}"][rng.usize(..3)];
            out.push_str(&format!(
                "  {{{{- range {head}{} }}}}\n  r{stop}{body}\n  {{{{- else }}}}\n  none\n  {{{{- end }}}}\n",
                pipeline(rng, 1)
            ));
        }
        6 => out.push_str(&format!(
            "  {{{{- $v := {} }}}}\n  v{{{{ $v | toJson }}}}\n  {{{{- $v = {} }}}}\n  v{{{{ $v | quote }}}}\n",
            pipeline(rng, 1),
            pipeline(rng, 1)
        )),
        7 => {
            let name = ["word", "file", "index", "pick", "range"][rng.usize(..5)];
            out.push_str(&format!("  i{{{{ include \"{name}\" $ }}}}\n"));
        }
        8 => out.push_str(&format!(
            "  i{{{{ include \"inside\" (dict \"root\" $ \"more\" {}) }}}}\n",
            argument(rng, Kind::Any, 1, true)
        )),
        _ => out.push_str(&format!(
            "  i{{{{ include \"helper\" {} | toString | replace \"\\n\" \" \" }}}}\n",
            argument(rng, Kind::Any, 1, true)
        )),
    }
}

fn pipeline(rng: &mut Rng, depth: usize) -> String {
    let mut text = if depth == 0 || rng.u8(..3) == 0 { path(rng) } else { call(rng, depth, false) };
    for _ in 0..rng.usize(..3) {
        text = format!("{text} | {}", call(rng, depth, true));
    }
    text
}

fn path(rng: &mut Rng) -> String {
    PATHS[rng.usize(..PATHS.len())].to_owned()
}

/// Functions that have a form of their own in [`special`], or whose result for odd arguments only Go can make.
const SPECIAL: &[&str] = &[
    "include",
    "printf",
    "get",
    "hasKey",
    "index",
    "omit",
    "pick",
    "dig",
    "keys",
    "merge",
    "mustMerge",
    "mergeOverwrite",
    "fromJson",
    "fail",
    "urlParse",
    "b64dec",
    "repeat",
    "until",
    "untilStep",
    "title",
    "kindOf",
];
/// Functions that want lists.
const LISTS: &[&str] = &[
    "append", "compact", "concat", "first", "has", "initial", "last", "prepend", "rest", "reverse", "uniq", "without",
];
/// Functions that compare what has the same kind.
const COMPARISONS: &[&str] = &["eq", "ne", "lt", "le", "gt", "ge"];

/// A call of a function, whose last argument comes through a pipe if `piped`.
fn call(rng: &mut Rng, depth: usize, piped: bool) -> String {
    if rng.u8(..12) == 0 {
        return special(rng, piped);
    }
    let all = functions::all();
    let function = loop {
        let function = &all[rng.usize(..all.len())];
        if !SPECIAL.contains(&function.name) {
            break function;
        }
    };
    let mut kinds: Vec<Kind> = function.parameters.to_vec();
    if let Some(rest) = function.rest {
        kinds.extend(std::iter::repeat_n(rest, rng.usize(..3)));
    }
    // Most calls fit, so that most templates get far; the rest shows that both refuse the same.
    let fits = rng.u8(..8) > 0;
    let last = if piped { kinds.pop() } else { None };
    let below = depth.saturating_sub(1);
    let arguments: Vec<String> = kinds
        .into_iter()
        .map(|kind| match kind {
            Kind::Any if fits && LISTS.contains(&function.name) => list(rng),
            Kind::Any if fits && COMPARISONS.contains(&function.name) => format!("(toString {})", path(rng)),
            kind => argument(rng, kind, below, fits),
        })
        .collect();
    let text = format!("{} {}", function.name, arguments.join(" ")).trim_end().to_owned();
    let conversion = match last {
        _ if !fits => "",
        Some(Kind::Str) => "toString | ",
        Some(Kind::Int) => "int | ",
        Some(Kind::Bool) => "empty | ",
        Some(Kind::Map) => "dict \"a\" | ",
        Some(Kind::Any) if LISTS.contains(&function.name) => "list 1 \"b\" | ",
        Some(Kind::Any) if COMPARISONS.contains(&function.name) => "toString | ",
        _ => "",
    };
    format!("{conversion}{text}")
}

fn list(rng: &mut Rng) -> String {
    [".Values.list", "(list 1 \"b\" .Values.word)", "(list)", "(splitList \",\" .Values.word)"][rng.usize(..4)]
        .to_owned()
}

fn special(rng: &mut Rng, piped: bool) -> String {
    let map = argument(rng, Kind::Map, 0, true);
    let any = argument(rng, Kind::Any, 0, true);
    let forms = [
        (format!("printf \"%s|%d|%v|%q|%t|%5.2f\" {any} {any} {any}"), "printf \"%v-%s\"".to_owned()),
        (format!("get {map} \"k1\""), "toJson".to_owned()),
        (format!("hasKey {map} \"inner\""), "kindIs \"map\"".to_owned()),
        (format!("index {map} \"k1\""), "quote".to_owned()),
        (format!("index {} 0", list(rng)), "toYaml".to_owned()),
        (format!("omit {map} \"inner\""), "toYaml".to_owned()),
        (format!("pick {map} \"inner\" \"k2\""), "toPrettyJson".to_owned()),
        (format!("dig \"inner\" \"x\" \"none\" {map}"), "default \"d\"".to_owned()),
        (format!("keys {map} | sortAlpha"), "squote".to_owned()),
        (format!("merge (deepCopy {map}) {map}"), "toRawJson".to_owned()),
        (format!("mergeOverwrite (deepCopy {map}) {map}"), "html".to_owned()),
        (format!("kindOf {any}"), "kindOf".to_owned()),
    ];
    let (alone, behind) = &forms[rng.usize(..forms.len())];
    if piped { behind.clone() } else { alone.clone() }
}

fn argument(rng: &mut Rng, kind: Kind, depth: usize, fits: bool) -> String {
    if rng.u8(..4) == 0 {
        let inner = if depth > 0 && rng.bool() { pipeline(rng, depth - 1) } else { path(rng) };
        return match kind {
            Kind::Str if fits => format!("({inner} | toString)"),
            Kind::Int if fits => format!("({inner} | int)"),
            Kind::Bool if fits => format!("({inner} | empty)"),
            Kind::Map if fits => format!("(dict \"a\" ({inner}))"),
            _ => format!("({inner})"),
        };
    }
    match kind {
        Kind::Str => ["\"a\"", "\".\"", "\"%\"", "`b c`", "\"^[a-z]\"", "\"1.2.3\"", ".Values.word", ".Release.Name"]
            [rng.usize(..8)]
        .to_owned(),
        Kind::Int => ["0", "2", "-3", "8", "(len .Values.list)"][rng.usize(..5)].to_owned(),
        Kind::Bool => ["true", "false", ".Values.flag", "(not .Values.flag)"][rng.usize(..4)].to_owned(),
        Kind::Map => {
            [".Values.map", "(dict \"a\" 1)", ".Values.map.inner", "(dict \"inner\" (dict \"x\" .Values.word))"]
                [rng.usize(..4)]
            .to_owned()
        }
        Kind::Any => match rng.u8(..6) {
            0 => "nil".to_owned(),
            1 => "1.5".to_owned(),
            2 => "(list 1 \"b\" .Values.word)".to_owned(),
            3 => "\"text\"".to_owned(),
            _ => path(rng),
        },
    }
}

/// Values of every kind that the templates read.
pub fn values(rng: &mut Rng) -> serde_json::Value {
    serde_json::json!({
        "word": super::word(rng),
        "number": super::number(rng),
        "flag": rng.bool(),
        "list": (0..rng.usize(..4)).map(|_| super::value(rng, 1)).collect::<Vec<_>>(),
        "map": {"inner": {"x": super::value(rng, 1)}, "k1": super::value(rng, 1), "k2": super::word(rng)},
        "nothing": null,
    })
}
