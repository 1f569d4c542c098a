/* Statements 50 to 56: page tables.  In the scratch window, which is below PAGE_OFFSET. */
#include "test.h"

static volatile u32 *const window = (volatile u32 *)SCRATCH;
static u32 *page_a, *page_b;            /* hold 0xA and 0xB */

static u32 *entry(void)
{
        return page_table_entry(kernel_directory, SCRATCH);
}

static void map(u32 value)
{
        page_map(kernel_directory, SCRATCH, value);
}

static void test_accessed_dirty(void)
{
        u32 used = PTE_ACCESSED | PTE_DIRTY;

        map(pa(page_a) | PTE_PRESENT | PTE_WRITE);
        check(50, "a fresh page: neither A nor D", *entry() & used, 0);
        (void)window[0];
        check(50, "after a read: A", *entry() & used, PTE_ACCESSED);
        window[0] = 0xA;
        check(50, "after a write: A and D", *entry() & used, used);
}

static void test_read_only(void)
{
        map(pa(page_a) | PTE_PRESENT);
        (void)window[0];
        CATCH(window[0] = 1);
        check(51, "write to a read-only page: page fault", caught.vector, VECTOR_PF);
        check(51, "write to a read-only page: W set, U clear", caught.error & (PF_WRITE | PF_USER), PF_WRITE);
        check(51, "write to a read-only page: nothing written", page_a[0], 0xA);
}

static void test_flags(void)
{
        map(pa(page_a) | PTE_PRESENT | PTE_WRITE | PTE_PCD);
        CATCH(window[0] = 0xA);
        check(52, "PCD in a PTE is fine", caught.vector, NO_TRAP);
        map((pfn_limit() - 1) << 12 | PTE_PRESENT);
        CATCH((void)window[0]);
        check(53, "pfn_limit - 1 is ours", caught.vector, NO_TRAP);
}

/* Each step edits an entry behind the Host's back, then says so in one of the ways there are. */
static void test_invalidation(void)
{
        u32 flags = PTE_PRESENT | PTE_WRITE;
        u32 *above = io_map(pa(page_a) >> 12);

        map(pa(page_a) | flags);
        check(54, "a page in the window", window[0], 0xA);
        *entry() = pa(page_b) | flags;
        hcall(LHCALL_SET_PTE, pa(kernel_directory), SCRATCH, 0);
        check(54, "SET_PTE(directory, address, 0): the new page", window[0], 0xB);
        *entry() = pa(page_a) | flags;
        hcall(LHCALL_FLUSH_TLB, 0, 0, 0);
        check(54, "FLUSH_TLB(0): the new page, below PAGE_OFFSET", window[0], 0xA);

        check(54, "a page above PAGE_OFFSET", *(volatile u32 *)above, 0xA);
        *page_table_entry(kernel_directory, (u32)above) = pa(page_b) | flags;
        hcall(LHCALL_FLUSH_TLB, 1, 0, 0);
        check(54, "FLUSH_TLB(1): the new page, above PAGE_OFFSET", *(volatile u32 *)above, 0xB);

        page_unmap(kernel_directory, (u32)above);

        u32 *other = directory_alloc();
        page_map(other, SCRATCH, pa(page_b) | flags);
        hcall(LHCALL_NEW_PGTABLE, pa(other), 0, 0);
        u32 in_other = window[0];
        hcall(LHCALL_NEW_PGTABLE, pa(kernel_directory), 0, 0);
        check(54, "NEW_PGTABLE: the other directory's page", in_other, 0xB);
        check(54, "NEW_PGTABLE: and back", window[0], 0xA);
        page_unmap(other, SCRATCH);             /* page_b is not its to free */
        directory_free(other);
}

static void test_top(void)
{
        hcall(LHCALL_SET_PMD, pa(kernel_directory), 1023, 0);
        check(55, "SET_PMD of index 1023 is ignored", true, true);
}

static void test_cr2(void)
{
        page_unmap(kernel_directory, SCRATCH);
        CATCH((void)window[0x123]);
        check(56, "cr2 is there before handler 14 runs", caught.cr2, (u32)&window[0x123]);
        check(56, "read of an absent page: error code", caught.vector << 16 | caught.error, VECTOR_PF << 16);
        CATCH(window[0x124] = 1);
        check(56, "write of an absent page: error code",
              caught.vector << 16 | caught.error, VECTOR_PF << 16 | PF_WRITE);
}

void test_paging(void)
{
        page_a = page_alloc();
        page_b = page_alloc();
        page_a[0] = 0xA;
        page_b[0] = 0xB;
        test_accessed_dirty();
        test_read_only();
        test_flags();
        test_invalidation();
        test_top();
        test_cr2();
        page_free(page_a);
        page_free(page_b);
}
