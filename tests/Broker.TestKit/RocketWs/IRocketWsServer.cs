namespace Broker.TestKit.RocketWs;

/// <summary>Something that speaks RocketWS, for <see cref="RocketWsVectors"/>.</summary>
public interface IRocketWsServer : IAsyncDisposable
{
    /// <summary>Opens a WebSocket.</summary>
    Task<IRocketWsClient> ConnectAsync();

    /// <summary>Asks the message source.</summary>
    /// <param name="path">Where the source's own path is <c>/</c>.</param>
    Task<RocketWsHttpAnswer> RequestAsync(string method, string path, string body);
}
