package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.ScriptFailure
import lguest.dsl.UserNetSpec
import lguest.net.HttpRequest
import lguest.net.HttpResponse
import lguest.net.Transport
import lguest.net.UserNetPlan

/** Turns the words of a user net's block into a plan, too. */
@CompileStatic
final class UserNetBlock extends WireBlock implements UserNetSpec {
    final UserNetPlan plan = new UserNetPlan()

    private UserNetBlock(Owner owner) { super(owner) }

    static UserNetBlock ofUserNet(@DelegatesTo(value = UserNetSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block, Owner owner) {
        Delegation.configure(block, UserNetSpec, new UserNetBlock(owner))
    }

    @Override
    void forward(Map<String, ?> options, Object port) { forward(options, port, Transport.TCP) }

    @Override
    void forward(Map<String, ?> options, Object port, Transport transport) {
        if (options.keySet() != ['to'] as Set || !(port instanceof Integer) || !(options.to instanceof Integer)) {
            throw new ScriptFailure("forward ${port}, ${options}: give two ports, forward 8022, to: 22")
        }
        checked { plan.forward((int) port, (int) options.to, transport) }
    }

    @Override
    Transport getUdp() { Transport.UDP }

    @Override
    void name(String name, String address) { checked { plan.name(name, address) } }

    @Override
    void serve(String address, int port, Closure<?> answer) {
        checked { plan.serve(address, port) { HttpRequest request -> answered(answer, request) } }
    }

    private HttpResponse answered(Closure<?> answer, HttpRequest request) {
        boolean fine = false
        Object said = guestOwner.guarded {
            Object result = answer.call(request)
            fine = true
            result
        }
        switch (said) {
            case HttpResponse: return (HttpResponse) said
            case byte[]: return HttpResponse.bytes((byte[]) said)
            case null: return fine ? HttpResponse.text(404, 'there is no such thing\n') : HttpResponse.text(500, 'the server failed\n')
            default: return HttpResponse.text(200, said.toString())
        }
    }

    @Override
    void resolver(String address, int port) { checked { plan.resolver(address, port) } }

    @Override
    void isolated() { plan.isolated(true) }

    private static void checked(Closure<?> work) {
        try {
            work.call()
        } catch (IllegalArgumentException wrong) {
            throw new ScriptFailure("usernet: ${wrong.message}", wrong)
        }
    }
}
