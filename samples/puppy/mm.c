/* Memory: pages, page tables, and the pages a process gets by touching them. */
#include "puppy.h"

extern char image_end[];

u32 *kernel_directory;
static u32 fresh, limit;        /* physical: pages never handed out yet */
static u32 returned, *free_list;        /* pages given back, each pointing to the next */

u32 memory_bytes(void)
{
        return *(u32 *)va(BOOT_E820_MAP + 8);
}

u32 initrd_bytes(void)
{
        return *(u8 *)va(BOOT_LOADER_TYPE) ? *(u32 *)va(BOOT_INITRD_BYTES) : 0;
}

/* RAM we can reach: what fits between PAGE_OFFSET and the device window. */
static u32 mapped_bytes(void)
{
        u32 bytes = memory_bytes();

        return bytes < IO_WINDOW - PAGE_OFFSET ? bytes : IO_WINDOW - PAGE_OFFSET;
}

/*
 * From the end of our image to the tables the launcher made, which lie under the initrd at the end
 * of RAM: those we keep, for the self-test to look at.
 */
static void pages_init(void)
{
        u32 tables = (memory_bytes() + 0x3FFFFF) >> 22;
        u32 launcher_tables = memory_bytes() - initrd_bytes() - (tables + 1) * PAGE_BYTES;

        fresh = pa(image_end);
        limit = launcher_tables < mapped_bytes() ? launcher_tables : mapped_bytes();
}

u32 pages_free(void)
{
        return returned + (limit - fresh) / PAGE_BYTES;
}

void *page_alloc(void)
{
        u32 enabled = irq_save();
        u32 *page = free_list;

        if (page) {
                free_list = (u32 *)page[0];
                returned--;
        } else if (fresh < limit) {
                page = va(fresh);
                fresh += PAGE_BYTES;
        }
        irq_restore(enabled);
        return page ? memset(page, 0, PAGE_BYTES) : NULL;
}

void page_free(void *page)
{
        u32 enabled = irq_save();

        *(u32 **)page = free_list;
        free_list = page;
        returned++;
        irq_restore(enabled);
}

u32 *page_table_entry(u32 *directory, u32 address)
{
        u32 table = directory[address >> 22];

        return table & PTE_PRESENT ? (u32 *)va(table & ~0xFFFu) + (address >> 12 & 1023) : NULL;
}

/*
 * The tables are ours: the Host hears of a change so that it can forget what it knew.  Where nothing
 * was mapped it knew nothing, and the news can wait in the ring.
 */
bool page_map(u32 *directory, u32 address, u32 entry)
{
        u32 *slot = &directory[address >> 22];

        if (!(*slot & PTE_PRESENT)) {
                void *table = page_alloc();
                if (!table)
                        return false;
                *slot = pa(table) | PTE_PRESENT | PTE_WRITE | PTE_USER;
                async_hcall(LHCALL_SET_PMD, pa(directory), address >> 22, 0);
        }
        u32 *pte = page_table_entry(directory, address), before = *pte;
        *pte = entry;
        async_hcall(LHCALL_SET_PTE, pa(directory), address, entry);
        if (before & PTE_PRESENT)
                hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
        return true;
}

void page_unmap(u32 *directory, u32 address)
{
        if (page_table_entry(directory, address))
                page_map(directory, address, 0);
}

/* One page of a device, in the kernel's part of every directory: they share the table. */
void *io_map(u32 pfn)
{
        static u32 next = IO_WINDOW;

        page_map(kernel_directory, next, pfn << 12 | PTE_PRESENT | PTE_WRITE);
        next += PAGE_BYTES;
        return (void *)(next - PAGE_BYTES);
}

/* A directory of our own: RAM at PAGE_OFFSET, for the kernel only, and an empty device window. */
void mm_init(void)
{
        pages_init();
        kernel_directory = page_alloc();
        for (u32 at = 0; at < mapped_bytes(); at += PAGE_BYTES) {
                u32 *slot = &kernel_directory[(at + PAGE_OFFSET) >> 22];
                if (!*slot)
                        *slot = pa(page_alloc()) | PTE_PRESENT | PTE_WRITE | PTE_USER;
                *page_table_entry(kernel_directory, at + PAGE_OFFSET) = at | PTE_PRESENT | PTE_WRITE;
        }
        kernel_directory[IO_WINDOW >> 22] = pa(page_alloc()) | PTE_PRESENT | PTE_WRITE | PTE_USER;

        hcall(LHCALL_NEW_PGTABLE, pa(kernel_directory), 0, 0);
        hcall(LHCALL_FLUSH_TLB, 1, 0, 0);
}

/* For a process: the kernel's quarter of the address space is the same everywhere. */
u32 *directory_alloc(void)
{
        u32 *directory = page_alloc();

        if (directory)
                memcpy(directory + (PAGE_OFFSET >> 22), kernel_directory + (PAGE_OFFSET >> 22),
                       (1024 - (PAGE_OFFSET >> 22)) * 4);
        return directory;
}

void directory_free(u32 *directory)
{
        for (u32 i = 0; i < PAGE_OFFSET >> 22; i++) {
                if (!(directory[i] & PTE_PRESENT))
                        continue;
                u32 *table = va(directory[i] & ~0xFFFu);
                for (u32 j = 0; j < 1024; j++)
                        if (table[j] & PTE_PRESENT)
                                page_free(va(table[j] & ~0xFFFu));
                page_free(table);
                directory[i] = 0;
                async_hcall(LHCALL_SET_PMD, pa(directory), i, 0);
        }
        hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);     /* before the pages serve somebody else */
        page_free(directory);
}

/*
 * Demand paging: the first touch of a page of the heap or of the stack finds nothing there.  We put
 * a page of zeros under it and let the instruction try again.
 */
bool page_fault(u32 address, u32 error)
{
        bool heap = address >= USER_HEAP && address < current->heap_end;
        bool stack = address >= USER_STACK - USER_STACK_BYTES && address < USER_STACK;

        if (error & PF_PRESENT || !(heap || stack))
                return false;
        void *page = page_alloc();
        if (!page)
                return false;
        if (page_map(current->directory, address & ~0xFFFu, pa(page) | PTE_PRESENT | PTE_WRITE | PTE_USER))
                return true;
        page_free(page);
        return false;
}

/* What a process hands to a system call has to be its own. */
bool user_range(u32 address, u32 bytes, bool write)
{
        u32 needed = PTE_PRESENT | PTE_USER | (write ? PTE_WRITE : 0);

        if (address >= PAGE_OFFSET || bytes > PAGE_OFFSET - address)
                return false;
        for (u32 at = address & ~0xFFFu; at < address + bytes; at += PAGE_BYTES) {
                u32 *pte = page_table_entry(current->directory, at);
                if ((!pte || !(*pte & PTE_PRESENT)) && !page_fault(at, PF_USER))
                        return false;
                if ((*page_table_entry(current->directory, at) & needed) != needed)
                        return false;
        }
        return true;
}

static void show_entry(const char *what, u32 index, u32 entry)
{
        printk("%s[%4u] 0x%08x  %s%s%s%s%s%s%s%s\n", what, index, entry,
               entry & PTE_PRESENT ? "present" : "not present",
               entry & PTE_WRITE ? " writable" : "", entry & PTE_USER ? " user" : "",
               entry & PTE_PWT ? " PWT" : "", entry & PTE_PCD ? " PCD" : "",
               entry & PTE_ACCESSED ? " accessed" : "", entry & PTE_DIRTY ? " dirty" : "",
               entry & PTE_BIT7 ? " bit7" : "");
}

void page_walk_show(u32 *directory, u32 address)
{
        u32 *pte = page_table_entry(directory, address);

        printk("directory at physical 0x%08x\n", pa(directory));
        show_entry("pde", address >> 22, directory[address >> 22]);
        if (pte)
                show_entry("pte", address >> 12 & 1023, *pte);
        if (pte && *pte & PTE_PRESENT)
                printk("0x%08x is physical 0x%08x\n", address, (*pte & ~0xFFFu) | (address & 0xFFF));
        else
                printk("0x%08x is not mapped\n", address);
}
