package hipaasmp

// physicalProvisions is 45 CFR 164.310.
func physicalProvisions() []Provision {
	source := sourceREG13().with(ConfidenceTwo, "REG26", "APPA", "PROT")
	return within(part164C, BindsBoth, source,
		section(CitePhysicalSafeguards, "Physical safeguards", "The physical standards."),

		heading(CiteFacilityAccessParagraph, "Facility access controls"),
		standard(CiteFacilityAccess, "Facility access controls",
			"Limit physical access to information systems and to the buildings that house them, and let those in who are authorised."),
		heading(CiteFacilityAccessSpecifications, "Implementation specifications"),
		addressable(CiteFacilityAccess, CiteContingencyOperations, "Contingency operations",
			"Allow access to the facility for restoring data in an emergency."),
		addressable(CiteFacilityAccess, CiteFacilitySecurityPlan, "Facility security plan",
			"Protect the facility and its equipment from entry, tampering and theft."),
		addressable(CiteFacilityAccess, CiteAccessValidation, "Access control and validation procedures",
			"Control and validate entry by role or function, visitors and software testing included."),
		addressable(CiteFacilityAccess, CiteMaintenanceRecords, "Maintenance records",
			"Document repairs and changes to parts of the facility that matter to security, such as doors and locks."),

		standardAlone(CiteWorkstationUse, "Workstation use",
			"State what a workstation that can reach ePHI is used for, how, and in what surroundings."),
		standardAlone(CiteWorkstationSecurity, "Workstation security",
			"Guard every workstation that reaches ePHI physically, so that only authorised users get to it."),

		heading(CiteDeviceMediaParagraph, "Device and media controls"),
		standard(CiteDeviceMedia, "Device and media controls",
			"Govern how hardware and media with ePHI come into a facility, leave it and move within it."),
		heading(CiteDeviceMediaSpecifications, "Implementation specifications"),
		required(CiteDeviceMedia, CiteDisposal, "Disposal", "Have a procedure for the end of ePHI and of the hardware and media that hold it."),
		required(CiteDeviceMedia, CiteMediaReuse, "Media re-use", "Remove ePHI from media before they are used again."),
		addressable(CiteDeviceMedia, CiteAccountability, "Accountability", "Record where hardware and media move and who is responsible for them."),
		addressable(CiteDeviceMedia, CiteDataBackupStorage, "Data backup and storage", "Make an exact copy that can be retrieved, when needed, before equipment is moved."),
	)
}

// technicalProvisions is 45 CFR 164.312.
func technicalProvisions() []Provision {
	source := sourceREG13().with(ConfidenceTwo, "REG26", "APPA", "PROT")
	return within(part164C, BindsBoth, source,
		section(CiteTechnicalSafeguards, "Technical safeguards", "The technical standards."),

		heading(CiteAccessControlParagraph, "Access control"),
		standard(CiteAccessControl, "Access control",
			"Let only those persons and programs into systems with ePHI that have been granted access."),
		heading(CiteAccessControlSpecifications, "Implementation specifications"),
		required(CiteAccessControl, CiteUniqueUser, "Unique user identification", "Give each user a name or number of its own, so that it can be told who did what."),
		required(CiteAccessControl, CiteEmergencyAccess, "Emergency access procedure", "Be able to get at necessary ePHI in an emergency."),
		addressable(CiteAccessControl, CiteAutomaticLogoff, "Automatic logoff", "End a session after a set time without activity."),
		addressable(CiteAccessControl, CiteEncryptionDecryption, "Encryption and decryption", "Have a mechanism to encrypt and decrypt ePHI."),

		standardAlone(CiteAuditControls, "Audit controls",
			"Have mechanisms that record and examine activity in systems that contain or use ePHI."),

		heading(CiteIntegrityParagraph, "Integrity"),
		standard(CiteIntegrity, "Integrity", "Protect ePHI from improper alteration and destruction."),
		addressable(CiteIntegrity, CiteAuthenticateEPHI, "Mechanism to authenticate electronic protected health information",
			"Be able to show that ePHI was not altered or destroyed without authority."),

		standardAlone(CiteAuthentication, "Person or entity authentication",
			"Verify that whoever seeks access to ePHI is who they claim to be."),

		heading(CiteTransmissionParagraph, "Transmission security"),
		standard(CiteTransmissionSecurity, "Transmission security", "Guard ePHI against unauthorised access while it crosses a network."),
		heading(CiteTransmissionSpecifications, "Implementation specifications"),
		addressable(CiteTransmissionSecurity, CiteIntegrityControls, "Integrity controls", "See to it that transmitted ePHI is not changed unnoticed."),
		addressable(CiteTransmissionSecurity, CiteTransmissionEncryption, "Encryption", "Have a mechanism to encrypt ePHI wherever that is appropriate."),
	)
}
