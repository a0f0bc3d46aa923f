package main

import (
	"fmt"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Parses a Dockerfile as `docker build` does and lints it as `docker build --check` does (the rules that need
// neither the base image nor the context).
func judgeDockerfile(arguments []string) (any, []string) {
	file, err := os.Open(arguments[0])
	if err != nil {
		return nil, []string{err.Error()}
	}
	defer file.Close()
	parsed, err := parser.Parse(file)
	if err != nil {
		return nil, []string{err.Error()}
	}
	var findings []string
	for _, warning := range parsed.Warnings {
		findings = append(findings, warning.Short)
	}
	check := linter.New(&linter.Config{Warn: func(name, _, _, message string, _ []parser.Range) {
		findings = append(findings, fmt.Sprintf("%s: %s", name, message))
	}})
	stages, arguments_, err := instructions.Parse(parsed.AST, check)
	if err != nil {
		return nil, append(findings, err.Error())
	}
	return map[string]any{"stages": stages, "arguments": arguments_}, findings
}
