package detect

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Place is where an origin lies.
type Place struct {
	// Site names it, for example "main campus". Two origins with the same site are one place.
	Site string
	// Country is the ISO 3166-1 code; empty where it is not known.
	Country string
	// Position is where the site lies.
	Position Position
}

// Places says where an origin lies. It belongs to the product; [ReadPlaces] builds one. What it returns is not changed by
// anybody.
type Places interface {
	// Place returns where the origin lies, and false where that is not known, as for a gateway that stands for many.
	Place(from activity.Origin) (*Place, bool)
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Networks answers from address ranges and names of machines. It is built once and not changed.
type Networks struct {
	nets   []network // the longest prefix first
	hosts  map[string]*Place
	heads  []hostHead // the longest first
	digest hipaasmp.Digest
}

type network struct {
	prefix netip.Prefix
	place  *Place
}

type hostHead struct {
	head  string
	place *Place
}

var _ Places = (*Networks)(nil)

// ReadPlaces reads places from CSV with the columns from and site (required), country, latitude and longitude. What stands
// in from is an address (10.1.2.3), a range (10.1.0.0/16), the name of a machine (WS-ED-0001), or how names begin, with a
// star (WS-ED-*). The nearest entry holds, and that of a machine before that of its address. What moves about, or stands
// for people who sit anywhere, such as a shared cart, a gateway or a server of virtual desktops, has the site * and lies
// nowhere. The error is a [*TableError] with every fault, or the reader's own.
func ReadPlaces(in io.Reader, o TableOptions) (*Networks, error) {
	n := &Networks{hosts: map[string]*Place{}}
	sites := map[Place]*Place{}
	digest, err := readTable("places", in, o, []string{"from", "site", "country", "latitude", "longitude"}, 2, func(t *table) {
		at := Place{Site: t.text(1), Country: strings.ToUpper(t.text(2)), Position: t.position(3, 4)}
		place := sites[at]
		if place == nil && at.Site != "*" {
			place = &at
			sites[at] = place
		}
		from := t.text(0)
		if prefix, err := netip.ParsePrefix(from); err == nil {
			n.nets = append(n.nets, network{prefix.Masked(), place})
		} else if addr, err := netip.ParseAddr(from); err == nil {
			n.nets = append(n.nets, network{netip.PrefixFrom(addr, addr.BitLen()), place})
		} else if strings.Contains(from, "/") {
			t.fault(0, "is %q; write a range as 10.1.0.0/16", plain(from))
		} else if head, ok := strings.CutSuffix(from, "*"); ok {
			n.heads = append(n.heads, hostHead{head, place})
		} else {
			n.hosts[from] = place
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(n.nets, func(a, b network) int { return b.prefix.Bits() - a.prefix.Bits() })
	slices.SortStableFunc(n.heads, func(a, b hostHead) int { return len(b.head) - len(a.head) })
	n.digest = digest
	return n, nil
}

// Place returns where the origin lies, by its machine if that is known and by its address otherwise.
func (n *Networks) Place(from activity.Origin) (*Place, bool) {
	if from.Host != "" {
		if p, ok := n.hosts[from.Host]; ok {
			return p, p != nil
		}
		for _, h := range n.heads {
			if strings.HasPrefix(from.Host, h.head) {
				return h.place, h.place != nil
			}
		}
	}
	if from.Addr == "" || len(n.nets) == 0 {
		return nil, false
	}
	addr, err := netip.ParseAddr(from.Addr)
	if err != nil {
		return nil, false
	}
	for _, x := range n.nets {
		if x.prefix.Contains(addr.Unmap()) {
			return x.place, x.place != nil
		}
	}
	return nil, false
}

// Digest identifies the list.
func (n *Networks) Digest() hipaasmp.Digest { return n.digest }

func (p *Place) String() string {
	if p.Country == "" {
		return plain(p.Site)
	}
	return fmt.Sprintf("%s (%s)", plain(p.Site), plain(p.Country))
}
