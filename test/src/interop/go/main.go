// Command interop verifies an exported log with code that owes nothing to this project: the signed notes and the tree
// hashes of the Go checksum database. It exits 0 and prints "verified" when everything holds, 1 with the reason if not.
//
//	interop EXPORT PROOF...   EXPORT holds log/ and log.vkey; each PROOF is a .tlog-proof file with its leaf beside (.leaf)
//
// The other commands stand in torchwood.go.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: interop EXPORT PROOF..."))
	}
	commands := map[string]func([]string) error{"tlog-proof": verifyByPolicy, "cosigned": verifyCosigned}
	if command, found := commands[os.Args[1]]; found {
		if err := command(os.Args[2:]); err != nil {
			fail(err)
		}
		fmt.Println("verified")
		return
	}
	verifiers, err := readKeys(filepath.Join(os.Args[1], "log.vkey"))
	if err != nil {
		fail(err)
	}
	tree, err := openCheckpointFile(filepath.Join(os.Args[1], "log", "checkpoint"), verifiers)
	if err != nil {
		fail(err)
	}
	entries, err := verifyTree(filepath.Join(os.Args[1], "log"), tree)
	if err != nil {
		fail(err)
	}
	for _, proof := range os.Args[2:] {
		if err := verifyProof(proof, verifiers); err != nil {
			fail(fmt.Errorf("%s: %w", proof, err))
		}
	}
	fmt.Printf("verified %d entries, %d proofs\n", entries, len(os.Args)-2)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func readKeys(path string) (note.Verifiers, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list []note.Verifier
	for _, line := range strings.Fields(string(text)) {
		verifier, err := note.NewVerifier(line)
		if err != nil {
			return nil, err
		}
		list = append(list, verifier)
	}
	return note.VerifierList(list...), nil
}

func openCheckpointFile(path string, verifiers note.Verifiers) (tlog.Tree, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	return openCheckpoint(text, verifiers)
}

func openCheckpoint(text []byte, verifiers note.Verifiers) (tlog.Tree, error) {
	opened, err := note.Open(text, verifiers)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("a checkpoint has three lines")
	}
	if lines[0] != opened.Sigs[0].Name {
		return tlog.Tree{}, fmt.Errorf("the origin is not the name of the key")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// tilePath gives the C2SP path of a tile, which is that of the checksum database without the height.
func tilePath(tile tlog.Tile) string {
	parts := strings.SplitN(tile.Path(), "/", 4)
	level := strings.Replace(parts[2], "data", "entries", 1)
	if strings.HasPrefix(level, "0") {
		level = strings.TrimPrefix(level, "0")
		if level == "" {
			level = "0"
		}
	}
	return filepath.Join("tile", level, parts[3])
}

// reader serves tiles from the exported directory; tlog.TileHashReader checks each against the root before use.
type reader struct{ directory string }

func (r reader) Height() int { return height }

func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(r.directory, tilePath(tile)))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func verifyTree(directory string, tree tlog.Tree) (int64, error) {
	hashes := tlog.TileHashReader(tree, reader{directory})
	for first := int64(0); first < tree.N; first += 1 << height {
		width := tree.N - first
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)}
		bundle, err := os.ReadFile(filepath.Join(directory, tilePath(tile)))
		if err != nil {
			return 0, err
		}
		for index := first; index < first+width; index++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return 0, fmt.Errorf("entry %d is cut short", index)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			stored, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			if err != nil {
				return 0, err
			}
			if tlog.RecordHash(bundle[2:2+length]) != stored[0] {
				return 0, fmt.Errorf("entry %d does not have the hash of its tile", index)
			}
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 {
			return 0, fmt.Errorf("bundle %d has bytes after its last entry", tile.N)
		}
	}
	return tree.N, nil
}

func verifyProof(path string, verifiers note.Verifiers) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	leaf, err := os.ReadFile(strings.TrimSuffix(path, ".tlog-proof") + ".leaf")
	if err != nil {
		return err
	}
	head, checkpoint, found := bytes.Cut(text, []byte("\n\n"))
	if !found {
		return fmt.Errorf("no checkpoint")
	}
	lines := strings.Split(string(head), "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("not a proof file")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		bytes, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(bytes) != tlog.HashSize {
			return fmt.Errorf("not a hash: %q", line)
		}
		var hash tlog.Hash
		copy(hash[:], bytes)
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint(checkpoint, verifiers)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf))
}
