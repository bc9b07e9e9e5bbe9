{{/*
Refuses a cluster that would not know a custom resource, by (dict "root" $ "api" "kubeflow" or "apache" "apiVersion"
"<group/version>" "kind" "<kind>" "what" "<what nobody would run>" "switch" "<value that switches this off>").
*/}}
{{- define "sy.operator.required" -}}
{{- if not (.root.Capabilities.APIVersions.Has (printf "%s/%s" .apiVersion .kind)) -}}
{{- $apache := eq .api "apache" -}}
{{- $says := printf "\n\nThe cluster serves no %s of %s, so nothing would run %s. Somebody who may install custom resource definitions must install the operator first:\n\n" .kind .apiVersion .what -}}
{{- $repository := ternary "spark https://apache.github.io/spark-kubernetes-operator" "spark-operator https://kubeflow.github.io/spark-operator" $apache -}}
{{- $chart := ternary "spark-kubernetes-operator spark/spark-kubernetes-operator" "spark-operator spark-operator/spark-operator" $apache -}}
{{- $watch := ternary (printf "workloadResources.namespaces.create=false,workloadResources.namespaces.data={%s}" .root.Release.Namespace) (printf "spark.jobNamespaces={%s}" .root.Release.Namespace) $apache -}}
{{- if eq (include "sy.platform" .root) "openshift" -}}
{{- /* The operators' charts ask for ids that no namespace of OpenShift has. */ -}}
{{- $watch = printf "%s,%s" $watch (ternary "operatorDeployment.operatorPod.operatorContainer.securityContext.runAsUser=null" "controller.podSecurityContext.fsGroup=null,webhook.podSecurityContext.fsGroup=null" $apache) -}}
{{- end -}}
{{- fail (printf "%s  helm repo add %s\n  helm install %s -n spark-operator --create-namespace --set '%s'\n\n`helm template` cannot ask the cluster: give it --api-versions %s/%s, or set %s to false.\n" $says $repository $chart $watch .apiVersion .kind .switch) -}}
{{- end -}}
{{- end }}
