using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>Acknowledgements that wait for the rooms of this tick, so that an emitter's own copy comes before its answer.</summary>
internal sealed class Answers(Loop loop) : IDeferred
{
    private readonly List<(SessionActor Session, object Call, EmitResult Result)> _waiting = [];

    public void Add(SessionActor session, object call, in EmitResult result)
    {
        if (_waiting.Count == 0)
        {
            loop.Defer(LoopPhase.Answers, this);
        }

        _waiting.Add((session, call, result));
    }

    public void Run()
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            var (session, call, result) = _waiting[i];
            session.Answer(call, result);
        }

        _waiting.Clear();
    }
}
