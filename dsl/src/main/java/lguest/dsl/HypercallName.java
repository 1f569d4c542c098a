package lguest.dsl;

/** What a guest may ask its Host, named as in lguest.h without {@code LHCALL_}. The guest's generation has the numbers. */
public enum HypercallName {
    FLUSH_ASYNC, LGUEST_INIT, CRASH, LOAD_GDT, NEW_PGTABLE, FLUSH_TLB, LOAD_IDT_ENTRY, SET_STACK, SET_CLOCKEVENT, HALT, BIND_DMA,
    SEND_DMA, SET_PTE, SET_PMD, LOAD_TLS
}
