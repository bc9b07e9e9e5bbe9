//! A container ends again and again, and nothing better is known.

use crate::observed::statuses;
use crate::words::tail;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "crash-loop",
    symptom: "A pod shows `CrashLoopBackOff`, `Error` or `Init:Error`",
    cause: "The program in the container ends with an error soon after its start",
    cure: "Its last lines say why; a value that you changed last is the first suspect (`sparkyard plan` shows who set what)",
    check: "kubectl -n NS logs POD --previous --all-containers --tail=50",
    patience: 60,
    vague: true,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let mut found = Vec::new();
    for pod in observed.pods() {
        for status in statuses(pod) {
            let container = status["name"].as_str().unwrap_or_default();
            let code = |end: &serde_json::Value| end["exitCode"].as_i64().filter(|code| *code != 0);
            let ended = code(&status["state"]["terminated"]);
            let before = code(&status["lastState"]["terminated"]);
            let again = status["state"]["waiting"]["reason"] == "CrashLoopBackOff";
            let Some(code) = ended.or(before.filter(|_| again || status["ready"] != true)) else { continue };
            let logs =
                observed.logs.iter().filter(|log| log.pod == pod["metadata"]["name"] && log.container == container);
            let said = logs.map(|log| tail(&log.text, 5)).rfind(|text| !text.is_empty());
            let message =
                format!("the container {container} ends with code {code}, after {} restarts", status["restartCount"]);
            found.push(Found::at(pod, message, &said.unwrap_or_else(|| "it printed nothing".to_owned())));
        }
    }
    found
}
