//! "did you mean".

/// How alike two words must be, from 0 to 1, before one is offered for the other.
const ALIKE: f64 = 0.75;

/// The candidate that is most like `word`, if any is alike enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (likeness(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// A help text for an unknown `word`: the nearest candidate, then what exists.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let all: Vec<&str> = candidates.clone().into_iter().collect();
    let list = if all.is_empty() { "there are none".to_owned() } else { format!("there is: {}", all.join(", ")) };
    match nearest(word, candidates) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    }
}

/// Typing errors change a letter (Damerau-Levenshtein); shortened words share the start or a part.
fn likeness(a: &str, b: &str) -> f64 {
    let typed = strsim::normalized_damerau_levenshtein(a, b);
    let part = if a.len() >= 3 && b.split(['-', '_', '.']).any(|word| word == a) { 0.8 } else { 0.0 };
    let start = if a.len() >= 4 && b.starts_with(a) { 0.78 } else { 0.0 };
    typed.max(part).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_and_short_forms_are_understood() {
        let bricks = ["spark-connect", "spark-history", "hive-metastore", "postgresql"];
        assert_eq!(nearest("spark-conect", bricks), Some("spark-connect"));
        assert_eq!(nearest("history", bricks), Some("spark-history"));
        assert_eq!(nearest("postgres", bricks), Some("postgresql"));
        assert_eq!(nearest("kafka", bricks), None);
    }

    #[test]
    fn the_help_lists_what_exists() {
        assert_eq!(did_you_mean("databse", ["database", "s3"]), "did you mean `database`? there is: database, s3");
        assert_eq!(did_you_mean("x", []), "there are none");
    }
}
