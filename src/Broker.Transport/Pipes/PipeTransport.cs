using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Transport.Connections;
using Broker.Transport.Handshake;

namespace Broker.Transport.Pipes;

/// <summary>WebSockets over duplex pipes, for TLS and for every platform: the head is looked at here, the sessions live on the loops.</summary>
/// <param name="loops">Connections go to them in turn.</param>
/// <param name="reception">Judges handshakes.</param>
/// <param name="budget">Bytes that may wait for all clients of the node.</param>
public sealed class PipeTransport(LoopGroup loops, Reception reception, OutboxBudget budget)
{
    private readonly OpenHandshakes _handshakes = new(reception.Options.MaxOpenHandshakes, TimeProvider.System);
    private int _nextLoop;

    /// <summary>
    /// Serves a new connection if it asks for one of our WebSockets; ends when it is over. False, with nothing of the pipe
    /// consumed, when the request is somebody else's.
    /// </summary>
    /// <param name="pipe">Completed at the end, unless the outcome is false.</param>
    /// <param name="peer">The other end of the connection.</param>
    /// <param name="cut">Ends the connection at once; from any thread.</param>
    public async Task<bool> TryServeAsync(IDuplexPipe pipe, IPEndPoint peer, Action cut)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        ArgumentNullException.ThrowIfNull(cut);
        switch (await JudgeAsync(pipe.Input, peer))
        {
            case Verdict.Taken taken:
                await ServeAsync(pipe, taken.Opening, cut);
                return true;
            case Verdict.Refused refused:
                await pipe.Output.WriteAsync(refused.Response);
                await CompleteAsync(pipe);
                return true;
            case Verdict.NotOurs:
                return false;
            default:
                cut();
                await CompleteAsync(pipe);
                return true;
        }
    }

    /// <summary>Serves a connection whose handshake was accepted, and answered unless the opening says how; ends when it is over.</summary>
    /// <param name="pipe">Begins with the first frame. Completed at the end.</param>
    /// <param name="opening">What was agreed.</param>
    /// <param name="cut">Ends the connection at once; from any thread.</param>
    /// <param name="way">How it came in, as <see cref="ITransport.Way"/>.</param>
    public Task ServeAsync(IDuplexPipe pipe, Opening opening, Action cut, string way = "pipe")
    {
        var loop = loops[(int)((uint)Interlocked.Increment(ref _nextLoop) % (uint)loops.Count)];
        var link = new PipeLink(loop, pipe, cut, way, (on, link) => WebSocketConnection.Open(on, link, opening, reception, budget));
        return link.RunAsync();
    }

    private static async Task CompleteAsync(IDuplexPipe pipe)
    {
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
    }

    /// <summary>Null when nothing whole came in time, or at all.</summary>
    private async Task<Verdict?> JudgeAsync(PipeReader input, IPEndPoint peer)
    {
        using var timeout = new CancellationTokenSource(reception.Options.HandshakeTimeoutMs);
        await using var registration = timeout.Token.Register(input.CancelPendingRead);
        using var handshake = _handshakes.Begin(input.CancelPendingRead);
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync();
            }
            catch (IOException)
            {
                return null;   // reset before it said what it wants: nobody's fault but the client's
            }

            var (outcome, verdict, length) = Look(result.Buffer, peer);
            if (verdict is not null)
            {
                input.AdvanceTo(result.Buffer.GetPosition(length));
                return verdict;
            }

            if (result.IsCanceled && outcome == HeadOutcome.Incomplete)
            {
                reception.Gate.Met(timeout.IsCancellationRequested ? Limit.HandshakeTime : Limit.OpenHandshakes);
                input.AdvanceTo(result.Buffer.Start);
                return null;
            }

            if (outcome == HeadOutcome.TooLarge)
            {
                reception.Gate.Met(Limit.HeadBytes);
            }

            if (outcome != HeadOutcome.Incomplete || result.IsCompleted)
            {
                input.AdvanceTo(result.Buffer.Start);
                return Verdict.NotOurs.Instance;
            }

            handshake.LookedAt();
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>A verdict, with the bytes to consume, for requests that are ours.</summary>
    private (HeadOutcome Outcome, Verdict? Verdict, int Length) Look(ReadOnlySequence<byte> buffer, IPEndPoint peer)
    {
        var known = buffer.Slice(0, Math.Min(buffer.Length, reception.Options.MaxHeadBytes));
        var outcome = RequestHead.TryRead(known.IsSingleSegment ? known.FirstSpan : known.ToArray(), reception.Options.MaxHeadBytes, out var head, out var length);
        return outcome == HeadOutcome.Complete && reception.Judge(head!, peer) is var verdict and not Verdict.NotOurs
            ? (outcome, verdict, length)
            : (outcome, null, 0);
    }
}
