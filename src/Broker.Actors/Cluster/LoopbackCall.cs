namespace Broker.Actors.Cluster;

/// <summary>What waits to be told to a node on a loopback bus.</summary>
internal abstract record LoopbackCall
{
    private LoopbackCall()
    {
    }

    /// <summary>Bytes that count against the receiver's bound.</summary>
    public virtual int Size => 0;

    /// <summary>The address that it was sent to; null for what does not come from others.</summary>
    public virtual BusAddress? To => null;

    public abstract void Tell(IBusSink sink);

    internal sealed record Connected(BusAddress Self) : LoopbackCall
    {
        public override void Tell(IBusSink sink) => sink.Connected(Self);
    }

    internal sealed record Disconnected : LoopbackCall
    {
        public override void Tell(IBusSink sink) => sink.Disconnected();
    }

    internal sealed record Received(BusAddress At, byte[] Batch) : LoopbackCall
    {
        public override int Size => Batch.Length;

        public override BusAddress? To => At;

        public override void Tell(IBusSink sink) => sink.Received(Batch);
    }

    internal sealed record News(BusAddress At, byte[] Text) : LoopbackCall
    {
        public override int Size => Text.Length;

        public override BusAddress? To => At;

        public override void Tell(IBusSink sink) => sink.NewsReceived(Text);
    }

    internal sealed record Returned(BusAddress Gone, SendId Id) : LoopbackCall
    {
        public override void Tell(IBusSink sink) => sink.Returned(Gone, Id);
    }

    internal sealed record Confirmed(SendId Id, bool IsAccepted) : LoopbackCall
    {
        public override void Tell(IBusSink sink) => sink.Confirmed(Id, IsAccepted);
    }
}
