namespace Broker.TestKit.RocketWs;

/// <summary>One WebSocket client of RocketWS.</summary>
public interface IRocketWsClient
{
    Task SendAsync(string text);

    /// <summary>The next message; fails after a while without one.</summary>
    Task<string> ReceiveAsync();

    Task CloseAsync();
}
