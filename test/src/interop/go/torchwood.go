package main

import (
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// verifyByPolicy verifies a tlog-proof of a leaf under a policy of logs and witnesses:
//
//	interop tlog-proof POLICY LEAF PROOF
func verifyByPolicy(paths []string) error {
	if len(paths) != 3 {
		return fmt.Errorf("usage: interop tlog-proof POLICY LEAF PROOF")
	}
	policy, err := readPolicy(paths[0])
	if err != nil {
		return err
	}
	leaf, err := os.ReadFile(paths[1])
	if err != nil {
		return err
	}
	proof, err := os.ReadFile(paths[2])
	if err != nil {
		return err
	}
	return torchwood.VerifyProof(policy, tlog.RecordHash(leaf), proof)
}

// verifyCosigned verifies a checkpoint under a policy of logs and witnesses:
//
//	interop cosigned POLICY CHECKPOINT
func verifyCosigned(paths []string) error {
	if len(paths) != 2 {
		return fmt.Errorf("usage: interop cosigned POLICY CHECKPOINT")
	}
	policy, err := readPolicy(paths[0])
	if err != nil {
		return err
	}
	checkpoint, err := os.ReadFile(paths[1])
	if err != nil {
		return err
	}
	_, _, err = torchwood.VerifyCheckpoint(checkpoint, policy)
	return err
}

func readPolicy(path string) (torchwood.Policy, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return torchwood.ParsePolicy(text)
}
