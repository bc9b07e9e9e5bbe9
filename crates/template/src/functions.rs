//! The functions of the dialect, and why helm's others are not in it.

use std::fmt;

/// What a parameter takes. Go checks it for every call, so `trunc 5.0 "x"` fails there too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything, `nil` included.
    Any,
    /// A string.
    Str,
    /// A Go `int`: a constant, or what `int` and `len` give; numbers of values files are floats.
    Int,
    /// A boolean.
    Bool,
    /// A map.
    Map,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Any => "interface {}",
            Kind::Str => "string",
            Kind::Int => "int",
            Kind::Bool => "bool",
            Kind::Map => "map[string]interface {}",
        })
    }
}

/// What becomes of the arguments, for the walk that proves values used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// They are turned into text or a number: each is used as it is, whole if it is a map or list.
    Used,
    /// They are asked whether they are empty, or compared: a scalar is used by that, what lies inside a map is not.
    Asked,
    /// The result is one of them, or a part of one.
    Passed,
    /// It has a meaning of its own: `include`, `dict`, `index` and the like.
    Special,
}

/// A function of the dialect.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// Name.
    pub name: &'static str,
    /// Parameters that must be there.
    pub parameters: &'static [Kind],
    /// Any number of further ones of this kind.
    pub rest: Option<Kind>,
    /// What becomes of them.
    pub flow: Flow,
}

const fn f(name: &'static str, parameters: &'static [Kind], rest: Option<Kind>, flow: Flow) -> Function {
    Function { name, parameters, rest, flow }
}

/// Sorted by name.
const FUNCTIONS: &[Function] = {
    use Flow::{Asked, Passed, Special, Used};
    use Kind::{Any, Bool, Int, Map, Str};
    &[
        f("add", &[], Some(Any), Used),
        f("add1", &[Any], None, Used),
        f("adler32sum", &[Str], None, Used),
        f("and", &[Any], Some(Any), Special),
        f("append", &[Any, Any], None, Passed),
        f("atoi", &[Str], None, Used),
        f("b64dec", &[Str], None, Used),
        f("b64enc", &[Str], None, Used),
        f("base", &[Str], None, Used),
        f("cat", &[], Some(Any), Used),
        f("ceil", &[Any], None, Used),
        f("clean", &[Str], None, Used),
        f("coalesce", &[], Some(Any), Passed),
        f("compact", &[Any], None, Passed),
        f("concat", &[], Some(Any), Passed),
        f("contains", &[Str, Str], None, Used),
        f("deepCopy", &[Any], None, Passed),
        f("default", &[Any], Some(Any), Passed),
        f("dict", &[], Some(Any), Special),
        f("dig", &[Any, Any, Any], Some(Any), Special),
        f("dir", &[Str], None, Used),
        f("div", &[Any, Any], None, Used),
        f("empty", &[Any], None, Asked),
        f("eq", &[Any], Some(Any), Asked),
        f("ext", &[Str], None, Used),
        f("fail", &[Str], None, Used),
        f("first", &[Any], None, Passed),
        f("float64", &[Any], None, Used),
        f("floor", &[Any], None, Used),
        f("fromJson", &[Str], None, Used),
        f("fromYaml", &[Str], None, Used),
        f("fromYamlArray", &[Str], None, Used),
        f("ge", &[Any, Any], None, Asked),
        f("get", &[Map, Str], None, Special),
        f("gt", &[Any, Any], None, Asked),
        f("has", &[Any, Any], None, Used),
        f("hasKey", &[Map, Str], None, Special),
        f("hasPrefix", &[Str, Str], None, Used),
        f("hasSuffix", &[Str, Str], None, Used),
        f("html", &[], Some(Any), Used),
        f("include", &[Str, Any], None, Special),
        f("indent", &[Int, Str], None, Used),
        f("index", &[Any], Some(Any), Special),
        f("initial", &[Any], None, Passed),
        f("int", &[Any], None, Used),
        f("int64", &[Any], None, Used),
        f("join", &[Str, Any], None, Used),
        f("keys", &[], Some(Map), Used),
        f("kindIs", &[Str, Any], None, Asked),
        f("kindOf", &[Any], None, Asked),
        f("last", &[Any], None, Passed),
        f("le", &[Any, Any], None, Asked),
        f("len", &[Any], None, Asked),
        f("list", &[], Some(Any), Special),
        f("lower", &[Str], None, Used),
        f("lt", &[Any, Any], None, Asked),
        f("max", &[Any], Some(Any), Used),
        f("merge", &[Map], Some(Map), Passed),
        f("mergeOverwrite", &[Map], Some(Map), Passed),
        f("min", &[Any], Some(Any), Used),
        f("mod", &[Any, Any], None, Used),
        f("mul", &[Any], Some(Any), Used),
        f("mustMerge", &[Map], Some(Map), Passed),
        f("mustRegexMatch", &[Str, Str], None, Used),
        f("mustToJson", &[Any], None, Used),
        f("mustToYaml", &[Any], None, Used),
        f("ne", &[Any, Any], None, Asked),
        f("nindent", &[Int, Str], None, Used),
        f("nospace", &[Str], None, Used),
        f("not", &[Any], None, Asked),
        f("omit", &[Map], Some(Str), Special),
        f("or", &[Any], Some(Any), Special),
        f("pick", &[Map], Some(Str), Special),
        f("prepend", &[Any, Any], None, Passed),
        f("print", &[], Some(Any), Used),
        f("printf", &[Str], Some(Any), Used),
        f("println", &[], Some(Any), Used),
        f("quote", &[], Some(Any), Used),
        f("regexFind", &[Str, Str], None, Used),
        f("regexMatch", &[Str, Str], None, Used),
        f("regexReplaceAll", &[Str, Str, Str], None, Used),
        f("regexReplaceAllLiteral", &[Str, Str, Str], None, Used),
        f("repeat", &[Int, Str], None, Used),
        f("replace", &[Str, Str, Str], None, Used),
        f("required", &[Str, Any], None, Passed),
        f("rest", &[Any], None, Passed),
        f("reverse", &[Any], None, Passed),
        f("semverCompare", &[Str, Str], None, Used),
        f("sha1sum", &[Str], None, Used),
        f("sha256sum", &[Str], None, Used),
        f("sha512sum", &[Str], None, Used),
        f("sortAlpha", &[Any], None, Used),
        f("split", &[Str, Str], None, Used),
        f("splitList", &[Str, Str], None, Used),
        f("squote", &[], Some(Any), Used),
        f("sub", &[Any, Any], None, Used),
        f("substr", &[Int, Int, Str], None, Used),
        f("ternary", &[Any, Any, Bool], None, Special),
        f("title", &[Str], None, Used),
        f("toJson", &[Any], None, Used),
        f("toPrettyJson", &[Any], None, Used),
        f("toRawJson", &[Any], None, Used),
        f("toString", &[Any], None, Used),
        f("toStrings", &[Any], None, Used),
        f("toYaml", &[Any], None, Used),
        f("trim", &[Str], None, Used),
        f("trimAll", &[Str, Str], None, Used),
        f("trimPrefix", &[Str, Str], None, Used),
        f("trimSuffix", &[Str, Str], None, Used),
        f("trunc", &[Int, Str], None, Used),
        f("tuple", &[], Some(Any), Special),
        f("uniq", &[Any], None, Passed),
        f("until", &[Int], None, Used),
        f("untilStep", &[Int, Int, Int], None, Used),
        f("upper", &[Str], None, Used),
        f("urlParse", &[Str], None, Used),
        f("without", &[Any], Some(Any), Passed),
    ]
};

/// Functions that helm knows and the dialect does not, by why.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("it renders text that nobody can read before the install", &["tpl"]),
    (
        "it asks the cluster, which `helm template` and GitOps tools do not have: they render something else",
        &["lookup", "getHostByName"],
    ),
    (
        "its result differs from one render to the next, so that every sync changes the release",
        &[
            "ago",
            "bcrypt",
            "buildCustomCert",
            "date",
            "dateInZone",
            "dateModify",
            "date_in_zone",
            "date_modify",
            "derivePassword",
            "duration",
            "durationRound",
            "encryptAES",
            "genCA",
            "genCAWithKey",
            "genPrivateKey",
            "genSelfSignedCert",
            "genSelfSignedCertWithKey",
            "genSignedCert",
            "genSignedCertWithKey",
            "htmlDate",
            "htmlDateInZone",
            "htpasswd",
            "mustDateModify",
            "mustToDate",
            "must_date_modify",
            "now",
            "randAlpha",
            "randAlphaNum",
            "randAscii",
            "randBytes",
            "randInt",
            "randNumeric",
            "shuffle",
            "toDate",
            "unixEpoch",
            "uuidv4",
            "values",
        ],
    ),
    (
        "it changes a map that others read, so that what a value is depends on where the render has got to",
        &["set", "unset", "mustMergeOverwrite"],
    ),
    ("it calls what nobody can name beforehand", &["call"]),
    (
        "nothing has needed it so far; the dialect holds what can be analysed and compared with helm",
        &[
            "abbrev",
            "abbrevboth",
            "add1f",
            "addf",
            "all",
            "any",
            "b32dec",
            "b32enc",
            "biggest",
            "camelcase",
            "chunk",
            "decryptAES",
            "deepEqual",
            "divf",
            "durationDays",
            "durationHours",
            "durationMicroseconds",
            "durationMilliseconds",
            "durationMinutes",
            "durationNanoseconds",
            "durationRoundTo",
            "durationSeconds",
            "durationTruncateTo",
            "durationWeeks",
            "fromJsonArray",
            "fromToml",
            "hello",
            "initials",
            "isAbs",
            "js",
            "kebabcase",
            "maxf",
            "minf",
            "mulf",
            "mustAppend",
            "mustChunk",
            "mustCompact",
            "mustDeepCopy",
            "mustFirst",
            "mustFromJson",
            "mustHas",
            "mustInitial",
            "mustLast",
            "mustPrepend",
            "mustPush",
            "mustRegexFind",
            "mustRegexFindAll",
            "mustRegexReplaceAll",
            "mustRegexReplaceAllLiteral",
            "mustRegexSplit",
            "mustRest",
            "mustReverse",
            "mustSlice",
            "mustToDuration",
            "mustToPrettyJson",
            "mustToRawJson",
            "mustToToml",
            "mustUniq",
            "mustWithout",
            "osBase",
            "osClean",
            "osDir",
            "osExt",
            "osIsAbs",
            "plural",
            "pluck",
            "push",
            "regexFindAll",
            "regexQuoteMeta",
            "regexSplit",
            "round",
            "semver",
            "seq",
            "slice",
            "snakecase",
            "splitn",
            "subf",
            "swapcase",
            "toDecimal",
            "toToml",
            "toYamlPretty",
            "trimall",
            "typeIs",
            "typeIsLike",
            "typeOf",
            "untitle",
            "urlJoin",
            "urlquery",
            "wrap",
            "wrapWith",
        ],
    ),
];

/// The function of this name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok().map(|at| &FUNCTIONS[at])
}

/// Every function of the dialect, sorted by name.
pub fn all() -> &'static [Function] {
    FUNCTIONS
}

/// Why helm's function of this name is not in the dialect.
pub fn outside(name: &str) -> Option<&'static str> {
    OUTSIDE.iter().find(|(_, names)| names.contains(&name)).map(|(why, _)| *why)
}

/// Whether helm knows a function of this name.
pub(crate) fn helm_knows(name: &str) -> bool {
    function(name).is_some() || outside(name).is_some()
}

/// The function whose name is most like a word.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    sparkyard_yaml::nearest(name, FUNCTIONS.iter().map(|function| function.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_holds_each_name_once() {
        assert!(FUNCTIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
        let mut outside: Vec<&str> = OUTSIDE.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let number = outside.len();
        outside.sort_unstable();
        outside.dedup();
        assert_eq!(outside.len(), number);
        assert!(outside.iter().all(|name| function(name).is_none()));
    }

    #[test]
    fn typing_errors_are_understood() {
        assert_eq!(nearest("toYalm"), Some("toYaml"));
        assert_eq!(nearest("zzz"), None);
        assert!(helm_knows("tpl") && !helm_knows("toYalm"));
    }
}
