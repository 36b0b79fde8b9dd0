using System.Globalization;
using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Cluster;

/// <summary>Two ends of a link over a bus that may lose, double and mix up batches.</summary>
internal sealed class LinkPair
{
    private readonly List<(LinkEnd To, byte[] Batch)> _underWay = [];

    public LinkPair(LinkLimits limits)
    {
        var (one, other) = (Incarnation.New(), Incarnation.New());
        One = new LinkEnd(this, one, other, limits);
        Other = new LinkEnd(this, other, one, limits);
    }

    public LinkEnd One { get; }

    public LinkEnd Other { get; }

    public long NowMs { get; private set; }

    /// <summary>Sends what is due, lets time pass, and lets the bus do its worst.</summary>
    public void Step(Random random, TimeSpan time, double loss, double twice, double mixed)
    {
        One.Flush(Other);
        Other.Flush(One);
        NowMs += (long)time.TotalMilliseconds;
        var now = _underWay.ToList();
        _underWay.Clear();
        for (var i = 0; i < now.Count; i++)
        {
            var pick = random.NextDouble() < mixed ? random.Next(i, now.Count) : i;
            (now[i], now[pick]) = (now[pick], now[i]);
            if (random.NextDouble() < mixed)
            {
                _underWay.Add(now[i]);   // much later
                continue;
            }

            for (var copies = random.NextDouble() < loss ? 0 : random.NextDouble() < twice ? 2 : 1; copies > 0; copies--)
            {
                now[i].To.Receive(now[i].Batch);
            }
        }
    }

    /// <summary>From here on the bus is good; returns when all is acknowledged.</summary>
    public void Settle(Random random)
    {
        for (var i = 0; i < 200; i++)
        {
            Step(random, TimeSpan.FromMilliseconds(20), loss: 0, twice: 0, mixed: 0);
        }
    }

    internal sealed class LinkEnd(LinkPair pair, Incarnation self, Incarnation peer, LinkLimits limits)
    {
        public Link Link { get; private set; } = new(self, peer, 1, limits);

        public List<string> Said { get; } = [];

        public List<string> Heard { get; } = [];

        public LinkNews News { get; private set; }

        /// <summary>The link is forgotten, as of a node that seemed gone.</summary>
        public void Forget(long generation) => Link = new Link(self, peer, generation, limits);

        public void Say()
        {
            var text = Said.Count.ToString(CultureInfo.InvariantCulture);
            var writer = new WireWriter();
            NodeItemCodec.Write(writer, new ItemHeader(new ShardId(1), 1), new NodeItem.Uninterest(new ChannelName("app", text)));
            Said.Add(text);
            Link.Send(writer.Written.ToArray(), 1, pair.NowMs);
        }

        public void Flush(LinkEnd to)
        {
            var batch = new WireWriter();
            while (Link.TryWrite(batch, pair.NowMs))
            {
                pair._underWay.Add((to, batch.Written.ToArray()));
                batch.Clear();
            }
        }

        public void Receive(byte[] batch)
        {
            var taken = new List<Range>();
            var items = batch.AsSpan(LinkHeader.Size);
            News |= Link.Receive(LinkHeader.Read(batch), items, pair.NowMs, taken);
            foreach (var range in taken)
            {
                var item = NodeItemCodec.Read(items[range], out _, out _);
                Heard.Add(((NodeItem.Uninterest)item!).Channel.Text);
            }
        }
    }
}
