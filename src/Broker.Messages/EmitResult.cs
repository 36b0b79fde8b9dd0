namespace Broker.Messages;

/// <summary>What became of an emit.</summary>
/// <param name="Refusal">None when it was taken and is as safe as its channel's class promises.</param>
/// <param name="Position">Where it stands in the stream, when taken.</param>
/// <param name="Receivers">Subscribers it goes to over all nodes, as the owner counted them when it ordered the emit.</param>
public readonly record struct EmitResult(Refusal Refusal, Position Position, int Receivers)
{
    public static EmitResult Refused(Refusal refusal) => new(refusal, default, 0);
}
