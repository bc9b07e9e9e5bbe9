// Command pss answers what Kubernetes' own Pod Security admission says of pods.
//
// It reads one question a line from stdin and writes one answer a line to
// stdout; README.md says what they look like.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	kjson "sigs.k8s.io/json"
)

type question struct {
	Level   api.Level       `json:"level"`
	Version string          `json:"version"`
	Pod     json.RawMessage `json:"pod"`
}

type answer struct {
	// Undecodable is why the API server could not even read the pod.
	Undecodable string `json:"undecodable,omitempty"`
	Allowed     bool   `json:"allowed"`
	// Failed are the ids of the checks that the pod fails.
	Failed []policy.CheckID `json:"failed,omitempty"`
	Detail string           `json:"detail,omitempty"`
}

// judge holds the evaluator of the whole and one of each check, which tells
// the ids that the whole does not tell.
type judge struct {
	whole  policy.Evaluator
	checks []policy.Check
	each   []policy.Evaluator
}

func newJudge() (*judge, error) {
	checks := policy.DefaultChecks()
	whole, err := policy.NewEvaluator(checks, nil)
	if err != nil {
		return nil, err
	}
	j := &judge{whole: whole, checks: checks}
	for _, check := range checks {
		one, err := policy.NewEvaluator([]policy.Check{check}, nil)
		if err != nil {
			return nil, err
		}
		j.each = append(j.each, one)
	}
	return j, nil
}

func (j *judge) answer(q question) (answer, error) {
	version, err := api.ParseVersion(q.Version)
	if err != nil {
		return answer{}, err
	}
	var pod corev1.Pod
	if err := kjson.UnmarshalCaseSensitivePreserveInts(q.Pod, &pod); err != nil {
		return answer{Undecodable: err.Error()}, nil
	}
	defaultVolumes(&pod)

	at := api.LevelVersion{Level: q.Level, Version: version}
	result := policy.AggregateCheckResults(j.whole.EvaluatePod(at, &pod.ObjectMeta, &pod.Spec))
	given := answer{Allowed: result.Allowed}
	if result.Allowed {
		return given, nil
	}
	given.Detail = result.ForbiddenDetail()
	overridden := j.overridden(at)
	for i, check := range j.checks {
		if check.Level == api.LevelRestricted && q.Level == api.LevelBaseline || overridden[check.ID] {
			continue
		}
		for _, single := range j.each[i].EvaluatePod(at, &pod.ObjectMeta, &pod.Spec) {
			if !single.Allowed {
				given.Failed = append(given.Failed, check.ID)
			}
		}
	}
	if len(given.Failed) != len(result.ForbiddenReasons) {
		return answer{}, fmt.Errorf("%d checks fail alone, %d together", len(given.Failed), len(result.ForbiddenReasons))
	}
	return given, nil
}

// overridden are the checks of baseline that restricted replaces by its own.
func (j *judge) overridden(at api.LevelVersion) map[policy.CheckID]bool {
	ids := map[policy.CheckID]bool{}
	if at.Level != api.LevelRestricted {
		return ids
	}
	for _, check := range j.checks {
		for i := len(check.Versions) - 1; i >= 0; i-- {
			if !at.Version.Older(check.Versions[i].MinimumVersion) {
				for _, id := range check.Versions[i].OverrideCheckIDs {
					ids[id] = true
				}
				break
			}
		}
	}
	return ids
}

// defaultVolumes does what the API server does before admission: a volume that
// names no source is an emptyDir.
func defaultVolumes(pod *corev1.Pod) {
	for i := range pod.Spec.Volumes {
		if pod.Spec.Volumes[i].VolumeSource == (corev1.VolumeSource{}) {
			pod.Spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}

func main() {
	j, err := newJudge()
	if err != nil {
		log.Fatal(err)
	}
	questions := bufio.NewScanner(os.Stdin)
	questions.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(out)
	for line := 1; questions.Scan(); line++ {
		var q question
		if err := json.Unmarshal(questions.Bytes(), &q); err != nil {
			log.Fatalf("line %d: %v", line, err)
		}
		a, err := j.answer(q)
		if err != nil {
			log.Fatalf("line %d: %v", line, err)
		}
		if err := answers.Encode(a); err != nil {
			log.Fatal(err)
		}
	}
	if err := questions.Err(); err != nil {
		log.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}
