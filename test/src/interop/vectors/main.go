// Vectors of Merkle trees: proofs that transparency-dev/merkle makes for trees of its own test data, each as it is and
// changed in one place, with the verdict of its verifier. One JSON object a line.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
)

const largest = 24

// Hashes are in base64, as JSON writes bytes. Index and leaf belong to inclusion, size1 and root1 to consistency.
type vector struct {
	Kind   string   `json:"kind"`
	Change string   `json:"change"`
	Index  uint64   `json:"index"`
	Size1  uint64   `json:"size1"`
	Size   uint64   `json:"size"`
	Leaf   []byte   `json:"leaf,omitempty"`
	Root1  []byte   `json:"root1,omitempty"`
	Root   []byte   `json:"root"`
	Proof  [][]byte `json:"proof"`
	Good   bool     `json:"good"`
}

func main() {
	out := json.NewEncoder(os.Stdout)
	tree := testonly.New(rfc6962.DefaultHasher)
	known := testonly.RootHashes()
	for size := uint64(0); size <= largest; size++ {
		root := tree.Hash()
		if size < uint64(len(known)) && string(root) != string(known[size]) {
			log.Fatalf("the tree of %d leaves has another root", size)
		}
		write(out, vector{Kind: "root", Size: size, Root: root, Good: true})
		for index := uint64(0); index < size; index++ {
			path, err := tree.InclusionProof(index, size)
			check(err)
			each(vector{Kind: "inclusion", Index: index, Size: size, Leaf: tree.LeafHash(index), Root: root, Proof: path}, out)
		}
		for size1 := uint64(0); size1 <= size; size1++ {
			path, err := tree.ConsistencyProof(size1, size)
			check(err)
			each(vector{Kind: "consistency", Size1: size1, Size: size, Root1: tree.HashAt(size1), Root: root, Proof: path}, out)
		}
		tree.AppendData(leaf(size))
	}
}

// leaf gives the inputs of the published test tree, then some of our own.
func leaf(index uint64) []byte {
	if inputs := testonly.LeafInputs(); index < uint64(len(inputs)) {
		return inputs[index]
	}
	return []byte{byte(index), 0x5a}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func write(out *json.Encoder, one vector) {
	if one.Proof == nil {
		one.Proof = [][]byte{}
	}
	check(out.Encode(one))
}

// each writes the vector as it is and with everything that can be changed in one place.
func each(as vector, out *json.Encoder) {
	judge := func(change string, edit func(*vector)) {
		one := as
		one.Proof = make([][]byte, len(as.Proof))
		for at, hash := range as.Proof {
			one.Proof[at] = append([]byte{}, hash...)
		}
		one.Leaf, one.Root1, one.Root = flipped(as.Leaf, -1), flipped(as.Root1, -1), flipped(as.Root, -1)
		edit(&one)
		one.Change, one.Good = change, verify(one) == nil
		write(out, one)
	}
	judge("none", func(*vector) {})
	judge("index+1", func(v *vector) { v.Index++ })
	judge("index-1", func(v *vector) { v.Index-- })
	judge("index^2", func(v *vector) { v.Index ^= 2 })
	judge("size+1", func(v *vector) { v.Size++ })
	judge("size-1", func(v *vector) { v.Size-- })
	judge("size*2", func(v *vector) { v.Size *= 2 })
	judge("size1+1", func(v *vector) { v.Size1++ })
	judge("size1-1", func(v *vector) { v.Size1-- })
	judge("leaf", func(v *vector) { v.Leaf = flipped(v.Leaf, 3) })
	judge("root", func(v *vector) { v.Root = flipped(v.Root, 3) })
	judge("root1", func(v *vector) { v.Root1 = flipped(v.Root1, 3) })
	judge("empty root", func(v *vector) { v.Root = testonly.EmptyRootHash() })
	judge("no proof", func(v *vector) { v.Proof = nil })
	judge("one more", func(v *vector) { v.Proof = append(v.Proof, testonly.EmptyRootHash()) })
	judge("one more before", func(v *vector) { v.Proof = append([][]byte{v.Root}, v.Proof...) })
	if len(as.Proof) > 0 {
		judge("one less", func(v *vector) { v.Proof = v.Proof[1:] })
		judge("last one less", func(v *vector) { v.Proof = v.Proof[:len(v.Proof)-1] })
	}
	for at := range as.Proof {
		judge("node", func(v *vector) { v.Proof[at] = flipped(v.Proof[at], 5) })
		judge("short node", func(v *vector) { v.Proof[at] = v.Proof[at][1:] })
		judge("empty node", func(v *vector) { v.Proof[at] = []byte{} })
	}
}

func flipped(hash []byte, at int) []byte {
	copied := append([]byte(nil), hash...)
	if at >= 0 && at < len(copied) {
		copied[at] ^= 1
	}
	return copied
}

func verify(v vector) error {
	if v.Kind == "inclusion" {
		return proof.VerifyInclusion(rfc6962.DefaultHasher, v.Index, v.Size, v.Leaf, v.Proof, v.Root)
	}
	return proof.VerifyConsistency(rfc6962.DefaultHasher, v.Size1, v.Size, v.Proof, v.Root1, v.Root)
}
