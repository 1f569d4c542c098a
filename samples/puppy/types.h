/* The few types and words the kernel and its user programs share. */
#ifndef PUPPY_TYPES_H
#define PUPPY_TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef _Bool bool;

#define true 1
#define false 0
#define NULL ((void *)0)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
