/* Statements 22 and 43 to 48: traps from user mode, ports, the FPU. */
#include "test.h"

/* Code for user mode.  Each ends in UD2, should what comes before not trap. */
static const u8 do_ud2[] = { 0x0F, 0x0B };
static const u8 do_cli[] = { 0xFA, 0x0F, 0x0B };
static const u8 do_int3[] = { 0xCC, 0x0F, 0x0B };
static const u8 do_in[] = { 0xE4, 0x60, 0x0F, 0x0B };
static const u8 do_int_1f[] = { 0xCD, 0x1F, 0x0F, 0x0B };
static const u8 do_int_80[] = { 0xCD, 0x80, 0x0F, 0x0B };

static void test_hypercall_from_user(void)
{
        catch_in_user(do_int_1f, sizeof do_int_1f, 0);
        check(22, "INT 0x1F in user mode: general protection", caught.vector, VECTOR_GP);
        check(22, "INT 0x1F in user mode: error code", caught.error, 0xFA);
}

static void test_reflection(void)
{
        catch_in_user(do_ud2, sizeof do_ud2, EFLAGS_IF);
        check(43, "trap from user mode: vector", caught.vector, VECTOR_UD);
        check(43, "trap from user mode: CS and SS", caught.cs << 16 | caught.ss, USER_CS << 16 | USER_DS);
        check(43, "trap from user mode: EIP", caught.eip, USER_PROBE_TEXT);
        check(43, "trap from user mode: ESP", caught.esp, USER_PROBE_STACK);
        check(43, "trap from user mode: frame at the top of the SET_STACK stack",
              caught.frame_end, (u32)probe_stack_top);
        check(43, "trap from user mode: IF image is irq_enabled", caught.eflags & EFLAGS_IF, EFLAGS_IF);
        check(43, "trap from user mode: interrupt gate turns irq_enabled off", caught.irq_enabled, 0);
        catch_in_user(do_ud2, sizeof do_ud2, 0);
        check(43, "trap from user mode: IF image with irq_enabled 0", caught.eflags & EFLAGS_IF, 0);
        catch_in_user(do_cli, sizeof do_cli, 0);
        check(43, "general protection pushes an error code", caught.vector << 16 | caught.error, VECTOR_GP << 16);
        check(43, "and is otherwise no different", caught.frame_end, (u32)probe_stack_top);
}

static void test_system_call(void)
{
        catch_in_user(do_int_80, sizeof do_int_80, EFLAGS_IF);
        check(44, "INT 0x80: straight through the trap gate", caught.vector, VECTOR_SYSCALL);
        check(44, "INT 0x80: irq_enabled stays on", caught.irq_enabled, EFLAGS_IF);
        check(44, "INT 0x80: EIP is after it", caught.eip, USER_PROBE_TEXT + 2);
        catch_in_user(do_int_80, sizeof do_int_80, 0);
        check(44, "INT 0x80: irq_enabled stays off", caught.irq_enabled, 0);
}

static void test_breakpoint(void)
{
        catch_in_user(do_int3, sizeof do_int3, 0);
        check(45, "INT3 through a DPL 3 interrupt gate: general protection", caught.vector, VECTOR_GP);
        check(45, "INT3 through a DPL 3 interrupt gate: error code", caught.error, 0x1A);
}

static void test_ports(void)
{
        u32 eax = 0x12345678, byte, word = 0;

        CATCH(asm volatile("inb $0x60, %%al" : "+a"(eax)); byte = eax;
              check(46, "IN AL is all ones", byte == 0x1234FFFF || byte == 0x123456FF, true));
        check(46, "IN AL does not trap", caught.vector, NO_TRAP);
        CATCH(asm volatile("inl %%dx, %%eax" : "=a"(eax) : "d"(0x60));
              check(46, "IN EAX is all ones", eax, 0xFFFFFFFF));
        CATCH(eax = 0x12345678;
              asm volatile("inw %%dx, %%ax\n\tmovl $1, %1" : "+a"(eax), "+r"(word) : "d"(0x60));
              check(46, "IN AX is all ones", eax == 0xFFFFFFFF || eax == 0x1234FFFF, true);
              check(46, "IN AX is two bytes long", word, 1));
        CATCH(eax = 0x12345678;
              asm volatile("outb %%al, $0x80\n\toutl %%eax, %%dx" : "+a"(eax) : "d"(0x80));
              check(46, "OUT changes nothing", eax, 0x12345678));
        check(46, "OUT does not trap", caught.vector, NO_TRAP);
        CATCH(asm volatile("cli"));
        check(46, "CLI: general protection, error code 0", caught.vector << 16 | caught.error, VECTOR_GP << 16);
        CATCH(asm volatile("hlt"));
        check(46, "HLT: general protection, error code 0", caught.vector << 16 | caught.error, VECTOR_GP << 16);
        catch_in_user(do_in, sizeof do_in, 0);
        check(47, "IN in user mode: general protection, error code 0",
              caught.vector << 16 | caught.error, VECTOR_GP << 16);
        check(47, "IN in user mode: EIP", caught.eip, USER_PROBE_TEXT);
}

static void test_fpu(void)
{
        hcall(LHCALL_TS, 8, 0, 0);
        CATCH(asm volatile("fld1\n\tfadd %st(0), %st\n\tfstp %st(0)"));
        check(48, "TS(8): an FPU instruction is vector 7", caught.vector, VECTOR_NM);
        hcall(LHCALL_TS, 0, 0, 0);
        CATCH(asm volatile("fld1\n\tfadd %st(0), %st\n\tfstp %st(0)"));
        check(48, "TS(0): it is not", caught.vector, NO_TRAP);
        fpu_init();
}

void test_traps(void)
{
        test_hypercall_from_user();
        test_reflection();
        test_system_call();
        test_breakpoint();
        test_ports();
        test_fpu();
}
