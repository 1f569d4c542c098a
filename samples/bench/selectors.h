/* Selectors of flat segments.  The Host wants the kernel's, at CPL 1, to be entries 12 and 13. */
#ifdef UNDER_HOST
#define KERNEL_CODE 0x61
#define KERNEL_DATA 0x69
#define USER_CODE 0x73
#define USER_DATA 0x7B
#else
#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10
#define USER_CODE 0x1B
#define USER_DATA 0x23
#define TASK 0x28
#endif
