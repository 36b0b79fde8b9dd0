using System.IO.Pipelines;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Transport.Pipes;

namespace Broker.Transport.EventStreams;

/// <summary>Event streams over the body of an HTTP response that somebody else has begun; the sessions live on the loops.</summary>
/// <param name="loops">Connections go to them in turn.</param>
/// <param name="options">The same for every stream.</param>
/// <param name="budget">Bytes that may wait for all clients of the node.</param>
public sealed class EventStreamTransport(LoopGroup loops, EventStreamOptions options, OutboxBudget budget)
{
    private int _nextLoop;

    /// <summary>Serves an accepted request; ends when its stream is over.</summary>
    /// <param name="gate">What accepted it, and opens its session.</param>
    /// <param name="body">The response's body. Completed at the end.</param>
    /// <param name="request">Who asks, and for what.</param>
    /// <param name="admission">The gate's answer to it.</param>
    /// <param name="cut">Ends the connection at once; from any thread.</param>
    /// <param name="gone">Cancelled when the client has gone.</param>
    public async Task ServeAsync(
        ISessionGate gate, PipeWriter body, SseRequest request, Admission.Accepted admission, Action cut, CancellationToken gone)
    {
        // A client of an event stream has said all in its request: the pipe that is read only tells when it goes.
        var silent = new Pipe();
        await using var registration = gone.UnsafeRegister(static writer => ((PipeWriter)writer!).Complete(), silent.Writer);
        var loop = loops[(int)((uint)Interlocked.Increment(ref _nextLoop) % (uint)loops.Count)];
        var link = new PipeLink(loop, new Duplex(silent.Reader, body), cut, way: "sse", (on, link) =>
            EventStreamConnection.Open(on, link, request, admission, gate, options, budget));
        await link.RunAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
