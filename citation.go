package hipaasmp

// Citation names one provision of the law in one canonical spelling: "164.308(a)(1)(ii)(A)" for a paragraph of title 45
// of the Code of Federal Regulations, "42 USC 17941" for a section of the United States Code.
type Citation string
