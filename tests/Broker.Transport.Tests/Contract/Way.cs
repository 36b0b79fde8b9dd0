using System.Net;
using System.Net.Sockets;
using System.Text;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.TestKit.WebSockets;
using Broker.Transport.Connections;
using Broker.Transport.Pipes;

namespace Broker.Transport.Tests.Contract;

/// <summary>A server that carries WebSockets to an echo in one of the ways there are.</summary>
internal abstract class Way : IAsyncDisposable
{
    private readonly List<Task> _served = [];

    protected Way(WebSocketOptions options, Func<int, ILoopPoller> poller, long budgetBytes = 1 << 30)
    {
        Options = options;
        Budget = new OutboxBudget(budgetBytes);
        Loops = new LoopGroup(2, poller, TimeProvider.System, Log);
        Reception = new Reception(Gate, options);
        Pipes = new PipeTransport(Loops, Reception, Budget);
        Loops.Start();
    }

    public EchoGate Gate { get; } = new();

    public FaultLog Log { get; } = new();

    public OutboxBudget Budget { get; }

    public abstract IPEndPoint EndPoint { get; }

    protected WebSocketOptions Options { get; }

    protected LoopGroup Loops { get; }

    protected Reception Reception { get; }

    protected PipeTransport Pipes { get; }

    public virtual async ValueTask DisposeAsync()
    {
        Task[] served;
        lock (_served)
        {
            served = [.. _served];
        }

        await Task.WhenAll(served);
        Loops.Dispose();
        Log.Faults.Where(fault => !fault.Message.Contains("n purpose", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>Serves a connection in the background.</summary>
    protected void Serve(Socket socket, Func<Socket, Task> serve)
    {
        lock (_served)
        {
            _served.Add(Task.Run(async () =>
            {
                using (socket)
                {
                    await serve(socket);
                }
            }));
        }
    }

    /// <summary>Way 2 for a connection whose head nobody has read, and what stands for the HTTP server behind it.</summary>
    protected async Task ServePipeAsync(Socket socket)
    {
        var pipe = new SocketPipe(socket);
        if (!await Pipes.TryServeAsync(pipe, (IPEndPoint)socket.RemoteEndPoint!, () => Cut(socket)))
        {
            var first = (await pipe.Input.ReadAsync()).Buffer.FirstSpan;
            await pipe.Output.WriteAsync(NotFound(first[..Math.Min(4, first.Length)]));
            await pipe.Output.CompleteAsync();
            await pipe.Input.CompleteAsync();
        }

        await pipe.Pumped;
    }

    /// <summary>The answer of another server, which tells the first bytes it was asked.</summary>
    protected static byte[] NotFound(ReadOnlySpan<byte> asked) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 404 Not Found\r\nX-Asked: {Encoding.ASCII.GetString(asked)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

    protected static void Cut(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}
