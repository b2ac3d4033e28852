package risk

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// AssetClass is the kind of place where ePHI may be. An analysis has to consider every class: each one is either
// inventoried or declared to be none, with a reason (45 CFR 164.306(a)(1); element 1 of the OCR guidance).
type AssetClass string

const (
	// AssetClassOnPremises is a server, workstation or network in the entity's own rooms.
	AssetClassOnPremises AssetClass = "on_premises"
	// AssetClassCloudApp is an application or platform that a provider runs.
	AssetClassCloudApp AssetClass = "cloud_app"
	// AssetClassMobile is a laptop, tablet or phone.
	AssetClassMobile AssetClass = "mobile"
	// AssetClassMedicalDevice is a device of care that holds or sends ePHI.
	AssetClassMedicalDevice AssetClass = "medical_device"
	// AssetClassRemovableMedia is a stick, a disk or a tape that is carried about.
	AssetClassRemovableMedia AssetClass = "removable_media"
	// AssetClassBackup is a copy kept against loss, wherever it is.
	AssetClassBackup AssetClass = "backup"
	// AssetClassRemoteWork is a place of work outside the entity's rooms, with what is used there.
	AssetClassRemoteWork AssetClass = "remote_work"
	// AssetClassBusinessAssociate is a firm that handles the entity's ePHI on its behalf.
	AssetClassBusinessAssociate AssetClass = "business_associate"
)

// Values returns the members of the enumeration.
func (AssetClass) Values() []AssetClass {
	return []AssetClass{AssetClassOnPremises, AssetClassCloudApp, AssetClassMobile, AssetClassMedicalDevice,
		AssetClassRemovableMedia, AssetClassBackup, AssetClassRemoteWork, AssetClassBusinessAssociate}
}

// IsValid reports whether c is a member.
func (c AssetClass) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.AssetClass", []byte(c), c.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (c AssetClass) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.AssetClass", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *AssetClass) UnmarshalText(text []byte) (err error) {
	*c, err = hipaasmp.ParseEnum("risk.AssetClass", text, c.Values())
	return err
}

// Handling is what an asset does with ePHI, in the four verbs of 45 CFR 164.306(a)(1).
type Handling string

const (
	// HandlingCreates: ePHI comes into being there.
	HandlingCreates Handling = "creates"
	// HandlingReceives: ePHI arrives there from elsewhere.
	HandlingReceives Handling = "receives"
	// HandlingMaintains: ePHI is kept there.
	HandlingMaintains Handling = "maintains"
	// HandlingTransmits: ePHI is sent from there.
	HandlingTransmits Handling = "transmits"
	// HandlingNone means that somebody looked and the asset handles no ePHI. It stands alone.
	HandlingNone Handling = "none"
	// HandlingUnknown means that nobody looked yet. It stands alone, and the asset counts as one that handles ePHI.
	HandlingUnknown Handling = "unknown"
)

// Values returns the members of the enumeration.
func (Handling) Values() []Handling {
	return []Handling{HandlingCreates, HandlingReceives, HandlingMaintains, HandlingTransmits, HandlingNone, HandlingUnknown}
}

// IsValid reports whether h is a member.
func (h Handling) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Handling", []byte(h), h.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (h Handling) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Handling", h, h.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (h *Handling) UnmarshalText(text []byte) (err error) {
	*h, err = hipaasmp.ParseEnum("risk.Handling", text, h.Values())
	return err
}

// VendorStanding says whether a vendor is a business associate because of this asset.
type VendorStanding string

const (
	// VendorStandingBusinessAssociate is a vendor that creates, receives, maintains or transmits the entity's ePHI.
	VendorStandingBusinessAssociate VendorStanding = "business_associate"
	// VendorStandingNoAccess is a vendor that has no access to ePHI, for example of software that runs on premises.
	VendorStandingNoAccess VendorStanding = "no_access"
	// VendorStandingUnknown means that nobody looked yet; the vendor counts as a business associate.
	VendorStandingUnknown VendorStanding = "unknown"
)

// Values returns the members of the enumeration.
func (VendorStanding) Values() []VendorStanding {
	return []VendorStanding{VendorStandingBusinessAssociate, VendorStandingNoAccess, VendorStandingUnknown}
}

// IsValid reports whether s is a member.
func (s VendorStanding) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.VendorStanding", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s VendorStanding) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.VendorStanding", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *VendorStanding) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("risk.VendorStanding", text, s.Values())
	return err
}

// Agreement is the written contract or other arrangement with a business associate (45 CFR 164.308(b)(3), 164.314(a)).
type Agreement struct {
	// Signed is the first day on which the agreement is in force.
	Signed hipaasmp.Date `json:"signed" validate:"required"`
	// Expires is the last day on which it is in force; absent for an agreement without a term.
	Expires hipaasmp.Date `json:"expires,omitzero"`
}

// InForce reports whether the agreement is in force on the day.
func (a Agreement) InForce(on hipaasmp.Date) bool { return a.period().Contains(on) }

func (a Agreement) period() hipaasmp.Period {
	return hipaasmp.Period{From: a.Signed, To: a.Expires}
}

// Vendor is the firm behind an asset.
type Vendor struct {
	// Name is the firm's name.
	Name string `json:"name" validate:"required,text"`
	// Standing says whether it is a business associate.
	Standing VendorStanding `json:"standing" validate:"enum"`
	// Agreement is the agreement with it; absent where there is none.
	Agreement *Agreement `json:"agreement,omitempty"`
	// Holds says what ePHI it holds for the entity, one kind an entry, for example "claims since 2021".
	Holds []string `json:"holds,omitempty" validate:"dive,text"`
	// Subcontractors are the firms to which it hands the entity's ePHI on.
	Subcontractors []Subcontractor `json:"subcontractors,omitempty" validate:"dive"`
	// NoSubcontractors is true where somebody asked and there are none. Without it, an empty list means that nobody asked.
	NoSubcontractors bool `json:"no_subcontractors,omitempty"`
}

// Asset is one entry of the inventory: a system, device, medium, place of work or firm.
type Asset struct {
	// ID is stable over analyses; findings and flows point to it.
	ID string `json:"id" validate:"required,docid"`
	// Name is what people call it.
	Name string `json:"name" validate:"required,text"`
	// Class is the kind of place.
	Class AssetClass `json:"class" validate:"enum"`
	// Kind says whether the entry is a system, a vendor or a location; see [Asset.Entry] for what its absence means.
	Kind EntryKind `json:"kind,omitempty" validate:"omitempty,enum"`
	// Handles says what it does with ePHI. [HandlingNone] and [HandlingUnknown] stand alone.
	Handles []Handling `json:"handles" validate:"min=1,dive,enum"`
	// Location says where it is: a room, a region, a person's home.
	Location string `json:"location,omitempty" validate:"omitempty,text"`
	// Site is the identity of the location entry at which it stands, where the inventory has one.
	Site string `json:"site,omitempty" validate:"omitempty,docid"`
	// Supplier is the identity of the vendor entry that supplies or runs it, where the inventory has one. The agreement
	// is then kept there.
	Supplier string `json:"supplier,omitempty" validate:"omitempty,docid"`
	// Owner is the identity of the workforce member who answers for it.
	Owner string `json:"owner,omitempty" validate:"omitempty,docid"`
	// Vendor is the firm behind it, where there is one. An asset of class business_associate is a firm itself and
	// carries its agreement here.
	Vendor *Vendor `json:"vendor,omitempty"`
	// InService is the first day of use; absent where nobody knows, and then it counts as always in service.
	InService hipaasmp.Date `json:"in_service,omitzero"`
	// Retired is the last day of use; absent while in use.
	Retired hipaasmp.Date `json:"retired,omitzero"`
}

// HandlesEPHI reports whether the asset handles ePHI, or may: an asset at which nobody looked yet counts as one that
// does.
func (a Asset) HandlesEPHI() bool {
	for _, h := range a.Handles {
		if h == HandlingNone {
			return false
		}
	}
	return true
}

// InServiceOn reports whether the asset is in use on the day.
func (a Asset) InServiceOn(on hipaasmp.Date) bool {
	return !on.Before(a.InService) && (a.Retired.IsZero() || !on.After(a.Retired))
}

// NeedsAgreement reports whether the asset has a business associate behind it: an asset of that class, or one that
// handles ePHI and whose vendor is not known to be without access.
func (a Asset) NeedsAgreement() bool {
	if !a.HandlesEPHI() {
		return false
	}
	return a.Class == AssetClassBusinessAssociate || a.Vendor != nil && a.Vendor.Standing != VendorStandingNoAccess
}

// AgreementInForce reports whether an agreement with the asset's vendor is in force on the day.
func (a Asset) AgreementInForce(on hipaasmp.Date) bool {
	return a.Vendor != nil && a.Vendor.Agreement != nil && a.Vendor.Agreement.InForce(on)
}

func (a Asset) clone() Asset {
	a.Handles = slices.Clone(a.Handles)
	if a.Vendor != nil {
		v := a.Vendor.clone()
		a.Vendor = &v
	}
	return a
}
