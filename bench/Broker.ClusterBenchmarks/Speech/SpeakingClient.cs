using System.Net.Sockets;
using System.Threading.Channels;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks.Speech;

/// <summary>A connection whose user never waits: what it sends is queued, what it hears is told in the order in which it came, one at a time.</summary>
internal sealed class SpeakingClient : IAsyncDisposable
{
    private readonly CrowdClient _client;
    private readonly IClientSpeech _speech;
    private readonly Action<Heard> _told;
    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _over = new();
    private readonly Task _running;

    /// <param name="client">Open, and its own from now on.</param>
    /// <param name="told">Told what each message means.</param>
    public SpeakingClient(CrowdClient client, IClientSpeech speech, Action<Heard> told)
    {
        (_client, _speech, _told) = (client, speech, told);
        _running = Task.WhenAll(Task.Run(ReceiveAllAsync), Task.Run(SendAllAsync));
    }

    /// <summary>Queues bytes; they are lost where the server has gone.</summary>
    public void Send(byte[] bytes) => _outgoing.Writer.TryWrite(bytes);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
#pragma warning disable VSTHRD003 // Its own, on the pool.
        await _running;
#pragma warning restore VSTHRD003
        _client.Dispose();
        _over.Dispose();
    }

    private async Task ReceiveAllAsync()
    {
        try
        {
            await _client.ReadAsync(
                message =>
                {
                    _told(_speech.Hear(message));
                    return true;
                },
                _over.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException)
        {
            // What was not answered is counted.
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var bytes in _outgoing.Reader.ReadAllAsync(_over.Token))
            {
                await _client.SendBytesAsync(bytes, _over.Token);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException)
        {
            // Whoever reads notices too.
        }
    }
}
