package lguest.checklist

// The checklist once more, on both engines at once. Guests that are processes, those of ChecklistLauncherSlowSpec, follow
// -Dlguest.engine=both.

class ChecklistBootBothEnginesSlowSpec extends ChecklistBootSpec implements OnBothEngines {
}

class ChecklistInitBothEnginesSlowSpec extends ChecklistInitSpec implements OnBothEngines {
}

class ChecklistHypercallsBothEnginesSlowSpec extends ChecklistHypercallsSpec implements OnBothEngines {
}

class ChecklistRingBothEnginesSlowSpec extends ChecklistRingSpec implements OnBothEngines {
}

class ChecklistInterruptsBothEnginesSlowSpec extends ChecklistInterruptsSlowSpec implements OnBothEngines {
}

class ChecklistPagingBothEnginesSlowSpec extends ChecklistPagingSpec implements OnBothEngines {
}

class ChecklistDevicesBothEnginesSlowSpec extends ChecklistDevicesSpec implements OnBothEngines {
}

class ChecklistNetBothEnginesSlowSpec extends ChecklistNetSpec implements OnBothEngines {
}
