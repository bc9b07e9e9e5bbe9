// Command scc answers what OpenShift's own library says of pods under security
// context constraints.
//
// It reads one question a line from stdin and writes one answer a line to
// stdout; README.md says what they look like. A line that defines a table of
// constraints has no answer.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"sort"

	securityv1 "github.com/openshift/api/security/v1"
	"github.com/openshift/apiserver-library-go/pkg/securitycontextconstraints/sccdefaults"
	"github.com/openshift/apiserver-library-go/pkg/securitycontextconstraints/sccmatching"
	sccsort "github.com/openshift/apiserver-library-go/pkg/securitycontextconstraints/util/sort"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/apis/core"
	conversion "k8s.io/kubernetes/pkg/apis/core/v1"
	kjson "sigs.k8s.io/json"
)

type constraints = []*securityv1.SecurityContextConstraints

type question struct {
	// Define names the constraints of this line for later lines.
	Define string      `json:"define"`
	SCCs   constraints `json:"sccs"`
	// Table is a name that an earlier line defined; without it SCCs are meant.
	Table  string   `json:"table"`
	Usable []string `json:"usable"`
	// Any leaves openshift.io/required-scc unread, as releases before 4.14 do.
	Any       bool              `json:"any"`
	Namespace map[string]string `json:"namespace"`
	Pod       json.RawMessage   `json:"pod"`
}

type answer struct {
	// Refused is why nothing was tried.
	Refused string `json:"refused,omitempty"`
	// Windows pods are let through untouched.
	Windows    bool     `json:"windows,omitempty"`
	AdmittedBy string   `json:"admitted_by,omitempty"`
	Tried      []result `json:"tried,omitempty"`
}

// result is what one usable constraint says, in the order of trying.
type result struct {
	SCC    string   `json:"scc"`
	Errors []string `json:"errors,omitempty"`
	Pod    *changed `json:"pod,omitempty"`
}

// changed is the part of an admitted pod that constraints can alter.
type changed struct {
	Annotations     map[string]string          `json:"annotations,omitempty"`
	SecurityContext *corev1.PodSecurityContext `json:"securityContext,omitempty"`
	InitContainers  []*corev1.SecurityContext  `json:"initContainers,omitempty"`
	Containers      []*corev1.SecurityContext  `json:"containers,omitempty"`
	Ephemeral       []*corev1.SecurityContext  `json:"ephemeralContainers,omitempty"`
}

// refused is the part of an answer that ends it.
func refused(err error) answer { return answer{Refused: err.Error()} }

func (q *question) answer(all constraints) (answer, error) {
	var pod corev1.Pod
	if err := kjson.UnmarshalCaseSensitivePreserveInts(q.Pod, &pod); err != nil {
		return refused(err), nil
	}
	if pod.Spec.OS != nil && pod.Spec.OS.Name == corev1.Windows {
		return answer{Windows: true}, nil
	}
	asked, err := internal(&pod)
	if err != nil {
		return refused(err), nil
	}
	if required := pod.Annotations[securityv1.RequiredSCCAnnotation]; required != "" && !q.Any {
		all = slices.DeleteFunc(slices.Clone(all), func(scc *securityv1.SecurityContextConstraints) bool {
			return scc.Name != required
		})
		if len(all) == 0 {
			return refused(fmt.Errorf("required SCC %q does not exist", required)), nil
		}
	}

	namespace := &corev1.Namespace{}
	namespace.Annotations = q.Namespace
	var given answer
	for _, scc := range all {
		provider, err := sccmatching.CreateProviderFromConstraint(namespace, scc)
		if err != nil {
			return refused(err), nil
		}
		if !slices.Contains(q.Usable, scc.Name) {
			continue
		}
		tried := asked.DeepCopy()
		misfits := sccmatching.AssignSecurityContext(provider, tried, field.NewPath("provider"))
		one := result{SCC: scc.Name}
		for _, misfit := range misfits {
			one.Errors = append(one.Errors, misfit.Field)
		}
		if len(misfits) == 0 {
			if err := isStable(provider, tried); err != nil {
				return answer{}, err
			}
			if one.Pod, err = external(tried); err != nil {
				return answer{}, err
			}
			if given.AdmittedBy == "" {
				given.AdmittedBy = scc.Name
			}
		}
		given.Tried = append(given.Tried, one)
	}
	return given, nil
}

// internal is the pod as admission sees it: with the API's defaults.
func internal(pod *corev1.Pod) (*core.Pod, error) {
	conversion.SetObjectDefaults_Pod(pod)
	asked := &core.Pod{}
	return asked, conversion.Convert_v1_Pod_To_core_Pod(pod, asked, nil)
}

// isStable checks that the validating phase, which tries the same again and
// allows no change, says the same.
func isStable(provider sccmatching.SecurityContextConstraintsProvider, admitted *core.Pod) error {
	again := admitted.DeepCopy()
	if misfits := sccmatching.AssignSecurityContext(provider, again, field.NewPath("provider")); len(misfits) > 0 {
		return fmt.Errorf("%s refuses its own pod: %v", provider.GetSCCName(), misfits)
	}
	if !equality.Semantic.DeepEqual(admitted, again) {
		return fmt.Errorf("%s changes its own pod", provider.GetSCCName())
	}
	return nil
}

func external(admitted *core.Pod) (*changed, error) {
	var pod corev1.Pod
	if err := conversion.Convert_core_Pod_To_v1_Pod(admitted, &pod, nil); err != nil {
		return nil, err
	}
	c := &changed{Annotations: pod.Annotations, SecurityContext: pod.Spec.SecurityContext}
	for _, container := range pod.Spec.InitContainers {
		c.InitContainers = append(c.InitContainers, container.SecurityContext)
	}
	for _, container := range pod.Spec.Containers {
		c.Containers = append(c.Containers, container.SecurityContext)
	}
	for _, container := range pod.Spec.EphemeralContainers {
		c.Ephemeral = append(c.Ephemeral, container.SecurityContext)
	}
	return c, nil
}

func ordered(all constraints) constraints {
	for _, scc := range all {
		sccdefaults.SetDefaults_SCC(scc)
	}
	sort.Sort(sccsort.ByPriority(all))
	return all
}

func main() {
	tables := map[string]constraints{}
	questions := bufio.NewScanner(os.Stdin)
	questions.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(out)
	for line := 1; questions.Scan(); line++ {
		var q question
		if err := json.Unmarshal(questions.Bytes(), &q); err != nil {
			log.Fatalf("line %d: %v", line, err)
		}
		if q.Define != "" {
			tables[q.Define] = ordered(q.SCCs)
			continue
		}
		all, found := tables[q.Table]
		if q.Table == "" {
			all = ordered(q.SCCs)
		} else if !found {
			log.Fatalf("line %d: no table %q was defined", line, q.Table)
		}
		a, err := q.answer(all)
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
