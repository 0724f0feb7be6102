using CovidCt.Maps;

namespace CovidCt.Records;

/// <summary>What maps that know nothing of the network are worth on the images of an audit.</summary>
/// <param name="Map">Which maps.</param>
/// <param name="Figures">What they are worth.</param>
/// <param name="Difference">What the network's maps have more than they, image by image.</param>
public sealed record BaselineAudit(BaselineMap Map, MapFigures Figures, MapFigures Difference);
