using System.Net;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.TestKit;
using Broker.TestKit.WebSockets;
using Broker.Transport.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Transport.Tests.Connections;

/// <summary>How much is read in one go from a client that has sent much, on a loop that is turned by hand.</summary>
public sealed class BurstTests : IDisposable
{
    private const int MessageBytes = 1_000;

    private static readonly byte[] Message = ClientFrame.Text(new string('x', MessageBytes));

    private readonly Loop _loop = new(0, new NoSockets(), new ManualTime(), NullLogger.Instance);
    private readonly WebSocketOptions _options = new() { OutboxBytes = 65_536 };
    private readonly EchoGate _gate = new();
    private readonly Link _link = new();
    private int _received;
    private bool _isEcho = true;

    public BurstTests() => _gate.Intercept = (_, _) =>
    {
        _received++;
        return !_isEcho;
    };

    /// <summary>Messages that are read in one go: the one that goes over the mark is the last.</summary>
    private int OneGo => (_options.PauseAtBytes / MessageBytes) + 1;

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Burst_OfAClientThatGetsAnswers_IsReadInGoesOfTheMark()
    {
        var client = Open();

        for (var n = 0; n < 3; n++)
        {
            ReadInOneGo(client).ShouldBe(OneGo);
        }
    }

    [Fact]
    public void Burst_OfAClientToWhichLittleComesBack_IsReadInGoesOfFourTimesAsMuchFromTheSecondOn()
    {
        _isEcho = false;
        var client = Open();

        ReadInOneGo(client).ShouldBe(OneGo);
        ReadInOneGo(client).ShouldBe((4 * _options.PauseAtBytes / MessageBytes) + 1);
        ReadInOneGo(client).ShouldBe((4 * _options.PauseAtBytes / MessageBytes) + 1);

        _isEcho = true;
        ReadInOneGo(client).ShouldBeGreaterThan(OneGo);   // nobody knows yet
        ReadInOneGo(client).ShouldBe(OneGo);
    }

    private WebSocketConnection Open()
    {
        var info = new ConnectionInfo(new IPEndPoint(IPAddress.Loopback, 1), "/echo", "", Origin: null);
        var opening = new Opening(info, (Admission.Accepted)_gate.Knock(info, []), Deflate: null, Response: default);
        return WebSocketConnection.Open(_loop, _link, opening, new Reception(_gate, _options), new OutboxBudget(1 << 30));
    }

    /// <summary>Sends more than is read in any go; returns what is read until reading pauses. Then lets the rest be read.</summary>
    private int ReadInOneGo(IByteLinkOwner client)
    {
        _received = 0;
        client.BytesReceived(Enumerable.Repeat(Message, 6 * OneGo).SelectMany(bytes => bytes).ToArray());
        _link.IsPaused.ShouldBeTrue();
        var read = _received;
        while (_link.IsPaused)
        {
            _loop.Turn(timeoutMs: 0);
        }

        _received.ShouldBe(6 * OneGo);

        // What is sent ends the count, here a pong.
        client.BytesReceived(ClientFrame.Build(0x89, "p"u8.ToArray()));
        _loop.Turn(timeoutMs: 0);
        return read;
    }

    /// <summary>Takes whatever is sent.</summary>
    private sealed class Link : IByteLink
    {
        public bool IsPaused { get; private set; }

        public string Way => "test";

        public bool HasSent => true;

        public long TrySend(ReadOnlySpan<FrameSlice> slices)
        {
            long length = 0;
            foreach (var slice in slices)
            {
                length += slice.Length;
            }

            return length;
        }

        public void PauseReading() => IsPaused = true;

        public void ResumeReading() => IsPaused = false;

        public void Shutdown()
        {
        }

        public void Abort()
        {
        }
    }

    private sealed class NoSockets : ILoopPoller
    {
        public void Poll(int timeoutMs)
        {
        }

        public void Wake()
        {
        }

        public void Dispose()
        {
        }
    }
}
