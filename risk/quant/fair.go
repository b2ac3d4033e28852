package quant

import (
	"math"
	"strconv"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

func itoa(i int) string { return strconv.Itoa(i) }

// RateEstimate is an uncertain rate: PERT from Low to High. Low = Mode = High is a single value.
type RateEstimate struct {
	Low  Rate `json:"low"`
	Mode Rate `json:"mode"`
	High Rate `json:"high"`
	// Gamma is the weight of the mode; 0 stands for the customary 4.
	Gamma Number `json:"gamma,omitempty"`
}

func (e RateEstimate) compile() estimate {
	return estimate{float64(e.Low), float64(e.Mode), float64(e.High), float64(e.Gamma)}
}

// ShareEstimate is an uncertain probability or strength between 0 and 1: PERT from Low to High. Low = Mode = High is a
// single value.
type ShareEstimate struct {
	Low  Probability `json:"low"`
	Mode Probability `json:"mode"`
	High Probability `json:"high"`
	// Gamma is the weight of the mode; 0 stands for the customary 4.
	Gamma Number `json:"gamma,omitempty"`
}

func (e ShareEstimate) compile() estimate {
	return estimate{float64(e.Low), float64(e.Mode), float64(e.High), float64(e.Gamma)}
}

func (e estimate) shape() loss { return pertShape(e.low, e.mode, e.high, e.gamma) }

// FAIR holds the estimates of a scenario at any level of the Open FAIR tree. Each node is given directly or by all of its
// parts:
//
//	loss event frequency   = threat event frequency × vulnerability
//	threat event frequency = contact frequency × probability of action
//	vulnerability          = P(threat capability > resistance strength)
//	loss of an event       = primary loss, and with the secondary frequency a secondary loss on top
//
// FAIR names no law for the number of events in a year. Here they are Poisson given the rate, and the rate is uncertain
// as the estimates say.
type FAIR struct {
	LossEvents    *RateEstimate  `json:"loss_events,omitempty"`
	ThreatEvents  *RateEstimate  `json:"threat_events,omitempty"`
	Contacts      *RateEstimate  `json:"contacts,omitempty"`
	Action        *ShareEstimate `json:"action,omitempty"`
	Vulnerability *ShareEstimate `json:"vulnerability,omitempty"`
	// Capability and Resistance stand on one scale from 0 to 1, the share of the threat population that is weaker.
	Capability *ShareEstimate `json:"capability,omitempty"`
	Resistance *ShareEstimate `json:"resistance,omitempty"`

	// Loss is the loss of an event, given directly.
	Loss Severity `json:"-"`
	// PrimaryLoss, SecondaryEvents and SecondaryLoss are its parts. SecondaryEvents is the share of events that have a
	// secondary loss; left out together with SecondaryLoss, there is none.
	PrimaryLoss     Severity       `json:"-"`
	SecondaryEvents *ShareEstimate `json:"secondary_events,omitempty"`
	SecondaryLoss   Severity       `json:"-"`
}

// Overcome returns the probability that the capability of a threat exceeds the resistance against it, both PERT and
// independent: one integral, computed to about 1e-12 and not sampled.
func Overcome(capability, resistance ShareEstimate) Probability {
	c, r := capability.compile(), resistance.compile()
	switch {
	case c.low == c.high && r.low == r.high:
		if c.low > r.low {
			return 1
		}
		return 0
	case c.low == c.high:
		return Probability(1 - r.shape().exceed(c.low))
	case r.low == r.high:
		return Probability(c.shape().exceed(r.low))
	}
	from, to := math.Max(c.low, r.low), c.high
	if from >= to {
		return 0
	}
	p := c.shape().(pertLoss)
	q := r.shape()
	product := func(x float64) float64 {
		u, v := p.unit(x)
		return p.beta.Density(u, v) / (p.high - p.low) * (1 - q.exceed(x))
	}
	sum := num.Integrate(product, from, math.Min(to, r.high), 1e-14)
	if to > r.high {
		sum += p.exceed(math.Max(r.high, p.low))
	}
	return Probability(math.Min(sum, 1))
}

// MeanLossEvents returns the expected number of loss events in a year.
func (f FAIR) MeanLossEvents() Rate { return Rate(f.count().mean()) }

// Magnitude returns the distribution of the loss of one event.
func (f FAIR) Magnitude() Law { return Law{f.loss()} }

// ALE returns the expected loss of a year: expected events times expected loss.
func (f FAIR) ALE() Amount { return Amount(f.count().mean() * f.loss().limited(inf)) }

func (f FAIR) count() count {
	if f.LossEvents != nil {
		return mixture(f.LossEvents.compile())
	}
	var factors []estimate
	if f.ThreatEvents != nil {
		factors = append(factors, f.ThreatEvents.compile())
	} else {
		factors = append(factors, f.Contacts.compile(), f.Action.compile())
	}
	if f.Vulnerability != nil {
		factors = append(factors, f.Vulnerability.compile())
	} else {
		v := float64(Overcome(*f.Capability, *f.Resistance))
		factors = append(factors, estimate{v, v, v, 0})
	}
	return mixture(factors...)
}

func (f FAIR) loss() loss {
	switch {
	case f.Loss != nil:
		return f.Loss.Law().loss
	case f.SecondaryLoss == nil:
		return f.PrimaryLoss.Law().loss
	}
	return newSummedLoss(f.PrimaryLoss.Law().loss, f.SecondaryLoss.Law().loss, f.SecondaryEvents.compile().shape().limited(inf))
}

func (f FAIR) check(c checker) {
	rate := func(name string, e *RateEstimate) {
		if e != nil {
			PoissonPERT(*e).check(c.in(name))
		}
	}
	share := func(name string, e *ShareEstimate) {
		if e == nil {
			return
		}
		at := c.in(name)
		at.gamma(e.Gamma)
		if at.probability("low", e.Low) && at.probability("mode", e.Mode) && at.probability("high", e.High) {
			at.three(float64(e.Low), float64(e.Mode), float64(e.High))
		}
	}
	rate("loss_events", f.LossEvents)
	rate("threat_events", f.ThreatEvents)
	rate("contacts", f.Contacts)
	share("action", f.Action)
	share("vulnerability", f.Vulnerability)
	share("capability", f.Capability)
	share("resistance", f.Resistance)
	share("secondary_events", f.SecondaryEvents)
	for name, s := range map[string]Severity{"loss": f.Loss, "primary_loss": f.PrimaryLoss, "secondary_loss": f.SecondaryLoss} {
		if s != nil {
			s.check(c.in(name))
		}
	}
	threat := f.ThreatEvents != nil || f.Contacts != nil || f.Action != nil
	weak := f.Vulnerability != nil || f.Capability != nil || f.Resistance != nil
	c.node("loss_events", f.LossEvents != nil, "threat_events and vulnerability", threat || weak, threat && weak)
	if threat {
		c.node("threat_events", f.ThreatEvents != nil, "contacts and action", f.Contacts != nil || f.Action != nil, f.Contacts != nil && f.Action != nil)
	}
	if weak {
		c.node("vulnerability", f.Vulnerability != nil, "capability and resistance", f.Capability != nil || f.Resistance != nil, f.Capability != nil && f.Resistance != nil)
	}
	parts := f.PrimaryLoss != nil || f.SecondaryLoss != nil || f.SecondaryEvents != nil
	c.node("loss", f.Loss != nil, "primary_loss, and secondary_events with secondary_loss", parts,
		f.PrimaryLoss != nil && (f.SecondaryLoss != nil) == (f.SecondaryEvents != nil))
}

// node records a node that is given twice, not at all, or by some of its parts.
func (c checker) node(field string, direct bool, parts string, some, all bool) {
	switch {
	case direct && some:
		c.fault(FaultTree, field, "is given directly and by its parts; keep one of them")
	case !direct && !some:
		c.fault(FaultTree, field, "is missing; give it, or its parts %s", parts)
	case !direct && !all:
		c.fault(FaultTree, field, "has some of its parts; give all of them: %s", parts)
	}
}
