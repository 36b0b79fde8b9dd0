using System.Text;
using System.Text.Json.Nodes;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Dialects.RocketWs;

namespace Broker.TestKit.Dialects;

/// <summary>
/// Plays a conversation that is written down:
/// <code>
/// # a comment
/// A+ native          A connects; a query may follow: A+ rocketws v=0.1
/// A> text            A sends
/// A&lt; json            the next message that A gets; the string "*" stands for any value
/// A-                 A closes
/// T> text            the message source gets a body
/// T&lt; json            and answers; nothing behind the arrow: without a body
/// </code>
/// Whatever is sent must be written down: when all is played, nobody may have got anything else.
/// </summary>
public sealed class Transcript(IEnumerable<string> lines)
{
    private readonly FakeBroker _broker = new();
    private readonly Dictionary<char, FakeSession> _clients = [];
    private readonly IDialect[] _dialects = [new NativeDialect(new NativeOptions()), new RocketWsDialect(new RocketWsOptions())];
    private SourceReply _reply;

    public async Task PlayAsync()
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Length > 0 && line[0] != '#')
            {
                await PlayAsync(line[0], line[1], line[2..].Trim(), $"line {number}: {line}");
            }
        }

        foreach (var (name, client) in _clients)
        {
            client.Sent.Select(Encoding.UTF8.GetString).ShouldBeEmpty($"{name} got what is not written down");
        }
    }

    private async Task PlayAsync(char who, char what, string text, string where)
    {
        switch (who, what)
        {
            case ('T', '>'): _reply = await new RocketWsSource(new RocketWsOptions(), _broker).PostAsync(Encoding.UTF8.GetBytes(text), "", UnhurriedPublisher.Instance); break;
            case ('T', '<'): ShouldMatch(Encoding.UTF8.GetString(_reply.Body.Span), text, where); break;
            case (_, '+'): _clients[who] = Connect(text); break;
            case (_, '-'): _clients[who].Disconnect(); break;
            case (_, '>'): _clients[who].Receive(text); break;
            case (_, '<'): ShouldMatch(Next(_clients[who], where), text, where); break;
            default: throw new FormatException($"Not a line of a transcript: {where}");
        }
    }

    private FakeSession Connect(string text)
    {
        var words = text.Split(' ');
        return _broker.Connect(_dialects.Single(dialect => dialect.Name.Equals(words[0], StringComparison.Ordinal)), words.ElementAtOrDefault(1) ?? "");
    }

    private static string Next(FakeSession client, string where)
    {
        client.Sent.ShouldNotBeEmpty($"nothing was sent; {where}");
        return Encoding.UTF8.GetString(client.Sent.Dequeue());
    }

    private static void ShouldMatch(string actual, string expected, string where)
    {
        if (expected.Length == 0)
        {
            actual.ShouldBeEmpty(where);
            return;
        }

        Matches(JsonNode.Parse(actual), JsonNode.Parse(expected)).ShouldBeTrue($"{actual} was sent; {where}");
    }

    private static bool Matches(JsonNode? actual, JsonNode? expected) => (actual, expected) switch
    {
        (_, JsonValue value) when value.TryGetValue<string>(out var text) && text.Equals("*", StringComparison.Ordinal) => true,
        (JsonObject one, JsonObject other) => one.Count == other.Count
            && other.All(member => one.ContainsKey(member.Key) && Matches(one[member.Key], member.Value)),
        (JsonArray one, JsonArray other) => one.Count == other.Count && one.Zip(other).All(pair => Matches(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(actual, expected),
    };
}
