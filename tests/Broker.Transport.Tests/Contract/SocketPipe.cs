using System.IO.Pipelines;
using System.Net.Sockets;

namespace Broker.Transport.Tests.Contract;

/// <summary>A socket as a pair of bounded pipes with a task each.</summary>
internal sealed class SocketPipe : IDuplexPipe
{
    private static readonly PipeOptions Bounded =
        new(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);

    private readonly Pipe _received = new(Bounded);
    private readonly Pipe _toSend = new(Bounded);

    public SocketPipe(Socket socket) => Pumped = Task.WhenAll(ReceiveAsync(socket), SendAsync(socket));

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _toSend.Writer;

    /// <summary>Ends when both ways are over.</summary>
    public Task Pumped { get; }

    private async Task ReceiveAsync(Socket socket)
    {
        var writer = _received.Writer;
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(writer.GetMemory(4096), SocketFlags.None);
                writer.Advance(count);
                if (count == 0 || (await writer.FlushAsync()).IsCompleted)
                {
                    break;
                }
            }

            await writer.CompleteAsync();
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            await writer.CompleteAsync(new IOException("The connection broke.", broken));
        }
    }

    private async Task SendAsync(Socket socket)
    {
        var reader = _toSend.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                foreach (var segment in result.Buffer)
                {
                    for (var sent = 0; sent < segment.Length;)
                    {
                        sent += await socket.SendAsync(segment[sent..], SocketFlags.None);
                    }
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    break;
                }
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The reading side says so.
        }

        await reader.CompleteAsync();
    }
}
