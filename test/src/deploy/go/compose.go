package main

import (
	"context"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// Reads a Compose file as `docker compose config` does: schema, variables from the file given (a missing required one is
// an error), references between services, volumes, networks, secrets and configs.
func judgeCompose(arguments []string) (any, []string) {
	file := arguments[0]
	environment := map[string]string{}
	if len(arguments) > 1 {
		read, err := dotenv.Read(arguments[1])
		if err != nil {
			return nil, []string{err.Error()}
		}
		environment = read
	}
	details := types.ConfigDetails{
		WorkingDir:  filepath.Dir(file),
		ConfigFiles: types.ToConfigFiles([]string{file}),
		Environment: environment,
	}
	project, err := loader.LoadWithContext(context.Background(), details, func(options *loader.Options) {
		options.SetProjectName("socle", true)
		options.Profiles = []string{"*"}
	})
	if err != nil {
		return nil, []string{err.Error()}
	}
	return project, nil
}
