package activity

// ocsfAction reads the activity of a class. The numbers are those of the classes in OCSF 1.x; a class that is not here
// is known and says nothing about data.
func ocsfAction(class, activity int) Action {
	var actions []Action
	switch class {
	case 1001: // file system activity
		actions = []Action{ActionCreate, ActionRead, ActionUpdate, ActionDelete, ActionUpdate, ActionUpdate, ActionUpdate,
			ActionRead, ActionRead, ActionUpdate, ActionUpdate, ActionExecute, ActionExecute, ActionRead}
	case 1007: // process activity
		actions = []Action{ActionExecute, ActionExecute, ActionExecute, ActionExecute, ActionExecute}
	case 3001: // account change
		actions = []Action{ActionCreate, ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionDelete, ActionUpdate,
			ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate}
	case 3002: // authentication: a log-on, a log-off, and the tickets around them
		actions = []Action{ActionLogin, ActionLogout, ActionExecute, ActionExecute, ActionExecute, ActionExecute, ActionExecute}
	case 3003, 3005: // authorize session, user access management
		actions = []Action{ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate}
	case 3004: // entity management
		actions = []Action{ActionCreate, ActionRead, ActionUpdate, ActionDelete, ActionUpdate, ActionUpdate, ActionUpdate,
			ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate}
	case 3006: // group management
		actions = []Action{ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionDelete, ActionCreate, ActionUpdate,
			ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate}
	case 6001: // web resources activity
		actions = []Action{ActionCreate, ActionRead, ActionUpdate, ActionDelete, ActionSearch, ActionCreate, ActionExport, ActionUpdate}
	case 6003: // API activity
		actions = []Action{ActionCreate, ActionRead, ActionUpdate, ActionDelete}
	case 6005: // datastore activity
		actions = []Action{ActionRead, ActionUpdate, ActionExecute, ActionSearch, ActionUpdate, ActionCreate, ActionDelete,
			ActionRead, ActionUpdate, ActionRead}
	case 6006: // file hosting activity
		actions = []Action{ActionCreate, ActionExport, ActionUpdate, ActionDelete, ActionUpdate, ActionCreate, ActionUpdate,
			ActionUpdate, ActionRead, ActionUpdate, ActionUpdate, ActionUpdate, ActionUpdate, ActionRead, ActionRead, ActionUpdate,
			ActionRead}
	}
	if activity < 1 || activity > len(actions) {
		return ActionUnknown
	}
	return actions[activity-1]
}

// family keeps the management of accounts and of a cloud apart from access to data.
func (r *ocsfEvent) family(a Action) Family {
	switch r.ClassUID {
	case 3002:
		return FamilyLogin
	case 3001, 3003, 3004, 3005, 3006:
		return FamilyAdmin
	case 6003:
		if r.Metadata.Product.Feature.Name != "Data" { // as CloudTrail's events of data are marked
			return FamilyAdmin
		}
		return familyOf(a)
	case 1001, 6001, 6005, 6006:
		return familyOf(a)
	}
	return FamilyOther
}
