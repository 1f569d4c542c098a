#!/bin/sh
# diverse.sh WORKLOAD STATEMENTS ROUNDS: prints the C source of a workload of 1024 functions, no two alike, of so many statements each,
# on 200 pages and more. They are called in an order that jumps about, all of them once a round. A kernel or a compiler at work looks
# like this to a processor: much code, none of it very hot.
exec awk -v workload="$1" -v statements="$2" -v rounds="$3" '
# Park and Miller: exact in the double precision of every awk.
function random(below) {
        seed = seed * 16807 % 2147483647
        return seed % below
}

function variable() { return substr("abcd", random(4) + 1, 1) }

# One statement that changes a variable; INDENT tabs deep, no deeper than DEPTH.
function statement(indent, depth,    kind, tabs, v, i) {
        tabs = sprintf("%" indent * 8 "s", "")
        v = variable()
        kind = random(depth > 0 ? 10 : 7)
        if (kind == 0)
                print tabs v " += " variable() " ^ " random(100000) "u;"
        else if (kind == 1)
                print tabs v " = " v " << " 1 + random(7) " | " v " >> " 1 + random(24) ";"
        else if (kind == 2)
                print tabs v " -= " variable() " * " 3 + random(1000) "u;"
        else if (kind == 3)
                print tabs v " ^= shared[" variable() " & 1023];"
        else if (kind == 4)
                print tabs "shared[" variable() " & 1023] = " v " + " random(1000) "u;"
        else if (kind == 5)
                print tabs v " = " variable() " & 0x" sprintf("%x", 255 + random(65536)) " ? " v " + " variable() " : ~" variable() ";"
        else if (kind == 6)
                print tabs v " = (u8) " variable() " | (" v " & ~255u);"
        else if (kind == 7) {
                print tabs "if (" v " < " variable() " * 5 + 1) {"
                for (i = 0; i < 2; i++)
                        statement(indent + 1, depth - 1)
                print tabs "} else {"
                statement(indent + 1, depth - 1)
                print tabs "}"
        } else if (kind == 8) {
                print tabs "for (u32 i" indent " = 0; i" indent " < " 3 + random(6) "; i" indent "++) {"
                for (i = 0; i < 2; i++)
                        statement(indent + 1, depth - 1)
                print tabs "}"
        } else {
                print tabs "switch (" variable() " & 3) {"
                for (i = 0; i < 4; i++) {
                        print tabs "case " i ":"
                        statement(indent + 1, depth - 1)
                        print tabs "        break;"
                }
                print tabs "}"
        }
}

BEGIN {
        seed = 20071009
        functions = 1024
        print "#include \"bench.h\"\n"
        print "static u32 shared[1024];\n"
        for (f = 0; f < functions; f++) {
                print "static __attribute__((noipa, aligned(" (statements < 8 ? 1024 : 16) "))) u32 f" f "(u32 a, u32 b)\n{"
                print "        u32 c = a ^ b, d = a + " f "u;"
                for (s = 0; s < statements; s++)
                        statement(1, 2)
                # Some call a later one: chains end.
                if (f % 4 == 1 && f + 8 < functions)
                        print "        c += f" f + 1 + random(7) "(d, b);"
                print "        return a ^ b ^ c ^ d;\n}\n"
                order[f] = f
        }
        # Later ones are called before they are defined.
        for (f = functions - 1; f > 0; f--) {
                other = random(f + 1)
                swap = order[f]; order[f] = order[other]; order[other] = swap
        }
        print "static u32 (*const functions[])(u32, u32) = {"
        for (f = 0; f < functions; f++)
                print "        f" order[f] ","
        print "};\n"
        print "u32 " workload "(void)\n{"
        print "        u32 sum = 1;"
        print "        for (int i = 0; i < 1024; i++)\n                shared[i] = (u32) i * 2654435761u;"
        print "        for (u32 round = 0; round < " rounds "; round++)"
        print "                for (u32 i = 0; i < " functions "; i++)"
        print "                        sum = sum * 31 + functions[i](sum, round + i);"
        print "        return sum;\n}"
}' | awk '
# Declares every function before all of them.
{ lines[NR] = $0 }
/^static __attribute__/ { declared = declared $0 ";\n" }
END {
        for (i = 1; i <= NR; i++) {
                print lines[i]
                if (lines[i] ~ /^static u32 shared/)
                        print "\n" declared
        }
}'
