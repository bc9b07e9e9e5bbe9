//! "did you mean".

/// How alike two words must be, from 0 to 1, before one is offered for the other.
const ALIKE: f64 = 0.75;

/// The candidate that is most like `word`, if any is alike enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let letters = letters(&lower);
    candidates
        .into_iter()
        .filter(|candidate| may_be_alike(&letters, candidate, &lower))
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

/// How often each byte stands in a word.
fn letters(word: &str) -> [i16; 256] {
    let mut counts = [0; 256];
    for byte in word.bytes() {
        counts[usize::from(byte.to_ascii_lowercase())] += 1;
    }
    counts
}

/// Whether it is worth comparing two words letter by letter, which is slow: every letter that one has and the other has
/// not costs at least one typing error. Words that share a part are another matter, as are those that are not ASCII.
fn may_be_alike(letters: &[i16; 256], candidate: &str, word: &str) -> bool {
    if !candidate.is_ascii() || !word.is_ascii() {
        return true;
    }
    let starts = candidate.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if starts || candidate.split(['-', '_', '.']).any(|part| part.eq_ignore_ascii_case(word)) {
        return true;
    }
    let errors_allowed = (1.0 - ALIKE) * candidate.len().max(word.len()) as f64;
    if candidate.len().abs_diff(word.len()) as f64 > errors_allowed {
        return false;
    }
    let mut left = *letters;
    let missing = candidate.bytes().filter(|byte| {
        let count = &mut left[usize::from(byte.to_ascii_lowercase())];
        *count -= 1;
        *count < 0
    });
    (missing.count() + word.len().saturating_sub(candidate.len())) as f64 <= errors_allowed
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
    fn what_is_not_compared_is_not_alike() {
        let words = ["spark.executor.memory", "executor", "memory", "spark.memory.executor", "é", "spark", "spork", ""];
        for a in words {
            for b in words {
                let alike = likeness(a, b) >= ALIKE;
                assert!(!alike || may_be_alike(&letters(a), b, a), "{a} {b}");
            }
        }
    }

    #[test]
    fn the_help_lists_what_exists() {
        assert_eq!(did_you_mean("databse", ["database", "s3"]), "did you mean `database`? there is: database, s3");
        assert_eq!(did_you_mean("x", []), "there are none");
    }
}
