using System.Net.Sockets;
using Broker.TestKit.WebSockets;

namespace Broker.ClusterBenchmarks.Speech;

/// <summary>
/// A connection that is heard by a thread of its own, and spoken to by the thread that has something to say: what is measured is the
/// server's, and as little as can be of who measures. What it hears is told in the order in which it came, one at a time.
/// </summary>
internal sealed class SpeakingClient : IAsyncDisposable
{
    private readonly CrowdClient _client;
    private readonly IClientSpeech _speech;
    private readonly Action<Heard> _told;
    private readonly Task _hearing;

    /// <param name="client">Open, and its own from now on.</param>
    /// <param name="told">Told what each message means.</param>
    public SpeakingClient(CrowdClient client, IClientSpeech speech, Action<Heard> told)
    {
        (_client, _speech, _told) = (client, speech, told);
        _hearing = Task.Factory.StartNew(HearAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Sends, by one thread at a time; waits while the server takes nothing. Lost where the server has gone.</summary>
    public void Send(byte[] bytes)
    {
        try
        {
            _client.SendBytes(bytes);
        }
        catch (SocketException)
        {
            // What was not answered is counted.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _client.Shutdown();
        }
        catch (SocketException)
        {
            // The server has gone.
        }

#pragma warning disable VSTHRD003 // Its own thread.
        await _hearing;
#pragma warning restore VSTHRD003
        _client.Dispose();
    }

    private void HearAll()
    {
        try
        {
            _client.Read(message =>
            {
                _told(_speech.Hear(message));
                return true;
            });
        }
        catch (SocketException)
        {
            // What was not answered is counted.
        }
    }
}
