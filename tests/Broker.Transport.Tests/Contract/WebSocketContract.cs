using Broker.TestKit.WebSockets;
using Broker.Transport.Connections;

namespace Broker.Transport.Tests.Contract;

/// <summary>
/// What every way in must do, on real sockets against an echo: RFC 6455 and RFC 7692, in the order of the Autobahn
/// suite's categories, then openings, ends and limits.
/// </summary>
public abstract partial class WebSocketContract : IAsyncLifetime
{
    private readonly WebSocketOptions _options = new();
    private Way? _way;

    private protected WebSocketContract()
    {
    }

    private Way Server => _way ??= CreateWay(_options, _budgetBytes);

    private long _budgetBytes = 1 << 30;

    private protected abstract Way CreateWay(WebSocketOptions options, long budgetBytes);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_way is not null)
        {
            await _way.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private Task<RawClient> OpenAsync(string path = "/echo", string headers = "", int? receiveBuffer = null) =>
        RawClient.OpenAsync(Server.EndPoint, path, headers, receiveBuffer);

    /// <summary>Sends the frames in one go, then piece by piece on a second connection, and reads until the server has closed.</summary>
    private async Task ExpectAsync(byte[][] frames, string[] answers)
    {
        byte[] bytes = [.. frames.SelectMany(frame => frame)];
        foreach (var size in (int[])[int.MaxValue, 1, 7])
        {
            if (bytes.Length / Math.Min(size, bytes.Length) > 500)
            {
                continue;
            }

            using var client = await OpenAsync();
            try
            {
                await client.SendInPiecesAsync(bytes, Math.Min(size, bytes.Length));
            }
            catch (System.Net.Sockets.SocketException)
            {
                // The server had seen enough.
            }

            (await client.ReadToEndAsync()).ShouldBe(answers, ignoreOrder: false, customMessage: $"pieces of {size}");
        }
    }

    private Task ExpectFailureAsync(int code, params byte[][] frames) => ExpectAsync(frames, [$"close {code}"]);

    private Task ExpectEchoAsync(byte[][] frames, params string[] answers) =>
        ExpectAsync([.. frames, ClientFrame.Close(1000)], [.. answers, "close 1000"]);
}
