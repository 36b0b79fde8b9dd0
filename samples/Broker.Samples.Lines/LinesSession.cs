using System.Globalization;
using System.Text;
using System.Text.Json;
using Broker.Actors.Dialects;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Samples.Lines;

/// <summary>One connection: reads a line, gives the command to the core, says what became of it. A command's call is what it is answered by.</summary>
internal sealed class LinesSession(ISessionContext session) : IDialectSession
{
    public void Opened() => Say("hello: join CHANNEL, leave CHANNEL, say CHANNEL TEXT");

    public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (kind != FrameKind.Text)
        {
            session.Close(Disconnect.UnsupportedData);
            return;
        }

        var words = Encoding.UTF8.GetString(payload).TrimEnd('\r', '\n').Split(' ', 3);
        switch (words)
        {
            case ["join", { Length: > 0 } channel]: Join(channel); break;
            case ["leave", { Length: > 0 } channel]: Leave(channel); break;
            case ["say", { Length: > 0 } channel, var text]: Emit(channel, text); break;
            default: Say("error line it is none of join, leave and say"); break;
        }
    }

    public void Subscribed(ChannelName channel, object? call, in SubscribeResult result) =>
        Say(result.Refusal == Refusal.None ? $"joined {channel.Text}" : $"error join {result.Refusal}");

    public void Unsubscribed(ChannelName channel, object call) => Say($"left {channel.Text}");

    public void Emitted(object call, in EmitResult result) =>
        Say(result.Refusal == Refusal.None ? string.Create(CultureInfo.InvariantCulture, $"said {call} {result.Receivers}") : $"error say {result.Refusal}");

    public void Ended(ChannelName channel, SubscriptionEnd reason) => Say($"left {channel.Text}: {reason.Reason}");

    private void Join(string channel)
    {
        var refusal = session.Subscribe(Channel(channel), new SubscribeRequest(Version: 0), call: channel);
        if (refusal != Refusal.None)
        {
            Say($"error join {refusal}");
        }
    }

    private void Leave(string channel)
    {
        var refusal = session.Unsubscribe(Channel(channel), call: channel);
        if (refusal != Refusal.None)
        {
            Say($"error leave {refusal}");
        }
    }

    private void Emit(string channel, string text)
    {
        // An event's data is a JSON value, whatever dialect it comes from.
        var data = JsonSerializer.SerializeToUtf8Bytes(text);
        var refusal = session.Emit(Channel(channel), new EmitRequest(name: null, data, echo: true), call: channel);
        if (refusal != Refusal.None)
        {
            Say($"error say {refusal}");
        }
    }

    private ChannelName Channel(string name) => session.Channel(Encoding.UTF8.GetBytes(name));

    private void Say(string line) => session.Send(Encoding.UTF8.GetBytes(line));
}
