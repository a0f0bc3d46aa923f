package main

import (
	"fmt"
	"path"
	"sort"
	"strings"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	"helm.sh/helm/v3/pkg/releaseutil"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

const (
	release   = "socle"
	namespace = "socle-test"
)

// Renders the chart as `helm template` does with the values files in order, and lints it as `helm lint --strict` does.
// Each object is then read into the type of its API: an unknown field or a wrong type is a finding.
func judgeChart(arguments []string) (any, []string) {
	directory, files := arguments[0], arguments[1:]
	values := map[string]any{}
	for _, file := range files {
		read, err := chartutil.ReadValuesFile(file)
		if err != nil {
			return nil, []string{err.Error()}
		}
		values = chartutil.CoalesceTables(read, values)
	}
	var findings []string
	for _, message := range lint.All(directory, values, namespace, true).Messages {
		if message.Severity >= support.WarningSev {
			findings = append(findings, message.Error())
		}
	}
	objects, err := render(directory, values)
	if err != nil {
		return nil, append(findings, err.Error())
	}
	strict := strictDecoder()
	read := make([]any, 0, len(objects))
	for _, object := range objects {
		asJSON, err := yaml.YAMLToJSONStrict([]byte(object.text))
		if err != nil {
			findings = append(findings, fmt.Sprintf("%s: %v", object.file, err))
			continue
		}
		if _, _, err := strict.Decode(asJSON, nil, nil); err != nil {
			findings = append(findings, fmt.Sprintf("%s: %v", object.file, err))
		}
		var plain any
		if err := yaml.Unmarshal(asJSON, &plain); err != nil {
			findings = append(findings, err.Error())
		}
		read = append(read, plain)
	}
	return read, findings
}

type object struct{ file, text string }

func render(directory string, values map[string]any) ([]object, error) {
	loaded, err := loader.Load(directory)
	if err != nil {
		return nil, err
	}
	options := chartutil.ReleaseOptions{Name: release, Namespace: namespace, Revision: 1, IsInstall: true}
	// Checks the values against values.schema.json too.
	all, err := chartutil.ToRenderValues(loaded, values, options, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Engine{Strict: true}.Render(loaded, all)
	if err != nil {
		return nil, err
	}
	var objects []object
	for file, text := range rendered {
		if path.Ext(file) != ".yaml" {
			continue
		}
		for _, part := range releaseutil.SplitManifests(text) {
			if strings.TrimSpace(part) != "" {
				objects = append(objects, object{file, part})
			}
		}
	}
	sort.Slice(objects, func(a, b int) bool {
		return objects[a].file+objects[a].text < objects[b].file+objects[b].text
	})
	return objects, nil
}

func strictDecoder() runtime.Decoder {
	known := runtime.NewScheme()
	_ = scheme.AddToScheme(known)
	_ = monitoring.AddToScheme(known)
	return serializer.NewCodecFactory(known, serializer.EnableStrict).UniversalDeserializer()
}
