// The judges of deploy/, each the library of the program that will read those files: Helm's own renderer and linter, the
// types of the Kubernetes API, Compose's loader, BuildKit's Dockerfile parser and linter. Exit code 0 when nothing was
// found, 1 with one finding a line on standard error.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	judges := map[string]func([]string) (any, []string){
		"chart":      judgeChart,
		"compose":    judgeCompose,
		"dockerfile": judgeDockerfile,
	}
	judge, known := judges[argument(1)]
	if !known {
		fmt.Fprintln(os.Stderr, "usage: deploy chart DIRECTORY VALUES… | compose FILE ENV-FILE | dockerfile FILE")
		os.Exit(2)
	}
	read, findings := judge(os.Args[2:])
	for _, finding := range findings {
		fmt.Fprintln(os.Stderr, finding)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(read); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func argument(position int) string {
	if position < len(os.Args) {
		return os.Args[position]
	}
	return ""
}
