// Package uid stands in for the package of this name in openshift/library-go,
// which could not be had from the Go module proxy. The SCC library takes from it only
// the reading of the id ranges in a namespace's annotations.
package uid

import (
	"fmt"
	"strconv"
	"strings"
)

// Block is a range of ids, both ends included.
type Block struct{ Start, End uint32 }

// ParseBlock reads "first/size" and "first-last".
func ParseBlock(text string) (Block, error) {
	head, tail, sized := strings.Cut(text, "/")
	if !sized {
		var ranged bool
		if head, tail, ranged = strings.Cut(text, "-"); !ranged {
			return Block{}, fmt.Errorf("%q is neither first/size nor first-last", text)
		}
	}
	first, err := strconv.ParseUint(head, 10, 32)
	if err != nil {
		return Block{}, err
	}
	last, err := strconv.ParseUint(tail, 10, 32)
	if err != nil {
		return Block{}, err
	}
	if sized {
		last = first + last - 1
	}
	if last < first || last > 1<<32-1 {
		return Block{}, fmt.Errorf("%q is no range", text)
	}
	return Block{uint32(first), uint32(last)}, nil
}
