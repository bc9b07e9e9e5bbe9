//! `index.yaml` and `SHA256SUMS`: what a plain web server needs to be a chart repository.

use std::collections::BTreeMap;

use crate::Package;

/// The index that `helm repo add` reads. Its times are the epoch, so that it is reproducible.
pub(crate) fn index(packages: &[Package], epoch: u64) -> String {
    let mut entries: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in packages {
        entries.entry(&package.name).or_default().push(package);
    }
    let created = timestamp(epoch);
    let mut text = String::from("apiVersion: v1\nentries:\n");
    for (name, packages) in entries {
        text.push_str(&format!("  {name}:\n"));
        for package in packages {
            text.push_str("    - created: \"");
            text.push_str(&created);
            text.push_str("\"\n");
            text.push_str(&format!("      digest: {}\n      urls:\n        - {}\n", package.sha256, package.file));
            // The block mapping of Chart.yaml, moved to the right as a whole, keeps its meaning.
            for line in package.metadata.lines().filter(|line| !line.starts_with('#') && *line != "---") {
                if !line.is_empty() {
                    text.push_str("      ");
                    text.push_str(line);
                }
                text.push('\n');
            }
        }
    }
    text.push_str(&format!("generated: \"{created}\"\n"));
    text
}

/// Checksums in the form of `sha256sum --check`.
pub(crate) fn sums(packages: &[Package]) -> String {
    let mut lines: Vec<String> = packages.iter().map(|p| format!("{}  {}\n", p.sha256, p.file)).collect();
    lines.sort_by(|a, b| a[64..].cmp(&b[64..]));
    lines.concat()
}

/// Seconds since 1970 as RFC 3339 in UTC (civil calendar, Howard Hinnant's algorithm).
fn timestamp(epoch: u64) -> String {
    let (days, seconds) = (epoch / 86_400, epoch % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_right() {
        for (epoch, wanted) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_600, "2026-01-01T00:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            assert_eq!(timestamp(epoch), wanted);
        }
    }

    #[test]
    fn chart_yaml_is_moved_whole() {
        let package = Package {
            file: "a-1.0.0.tgz".to_owned(),
            name: "a".to_owned(),
            version: semver::Version::new(1, 0, 0),
            sha256: "0".repeat(64),
            size: 0,
            images: Vec::new(),
            bytes: Vec::new(),
            metadata: "# made\napiVersion: v2\nannotations:\n  x: |\n    - a\n\n    - b\nname: a\n".to_owned(),
        };
        let wanted = "apiVersion: v1\nentries:\n  a:\n    - created: \"1970-01-01T00:00:00Z\"\n      digest: \
             0000000000000000000000000000000000000000000000000000000000000000\n      urls:\n        - a-1.0.0.tgz\n      \
             apiVersion: v2\n      annotations:\n        x: |\n          - a\n\n          - b\n      name: a\n\
             generated: \"1970-01-01T00:00:00Z\"\n";
        assert_eq!(index(&[package], 0), wanted);
    }
}
