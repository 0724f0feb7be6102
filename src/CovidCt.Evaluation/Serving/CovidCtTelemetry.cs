namespace CovidCt.Serving;

/// <summary>What a registered classifier tells monitoring, by the names and units of OpenTelemetry's conventions.</summary>
/// <remarks>
/// <para>
/// Meter, activity source and log category are called <see cref="Name"/>. Every instrument has the attribute <c>covidct.model</c>: the
/// name that a model was registered under, or <c>default</c>. Nothing of an image is told but what is listed here.
/// </para>
/// <list type="table">
/// <listheader><term>instrument</term><description>what it is</description></listheader>
/// <item><term><c>covidct.answers</c></term><description>
/// counter, <c>{answer}</c>: answers by <c>covidct.label</c>, the class, and <c>covidct.operation</c>, <c>classify</c> or <c>explain</c>
/// </description></item>
/// <item><term><c>covidct.stage.duration</c></term><description>
/// histogram, <c>s</c>: by <c>covidct.stage</c>: <c>decode</c> of an image, <c>wait</c> of a call for its pass, <c>classify</c> of the
/// images of a pass, <c>explain</c> of an image
/// </description></item>
/// <item><term><c>covidct.batch.size</c></term><description>histogram, <c>{image}</c>: images of a pass</description></item>
/// <item><term><c>covidct.rejections</c></term><description>
/// counter, <c>{image}</c>: by <c>error.type</c>: <c>image</c>, which can't be used, <c>queue_full</c>, or <c>model</c>, whose answer is
/// no number
/// </description></item>
/// <item><term><c>covidct.training.distance</c></term><description>
/// histogram, <c>1</c>: how far images are from the training images, as a share of the distance that is usual: above 1 they are unlike
/// </description></item>
/// <item><term><c>covidct.queue.length</c></term><description>
/// counter up and down, <c>{call}</c>: calls that are waiting or under way
/// </description></item>
/// <item><term><c>covidct.model.loads</c></term><description>
/// counter, <c>{load}</c>: models taken up, by <c>covidct.outcome</c>: <c>loaded</c>, <c>replaced</c>, or <c>refused</c>
/// </description></item>
/// </list>
/// <para>
/// Activities are <c>covidct.decode</c>, <c>covidct.classify</c> and <c>covidct.explain</c>; a pass of several calls has a link to each.
/// </para>
/// </remarks>
public static class CovidCtTelemetry
{
    /// <summary>The name of the meter, of the activity source, and of the log category.</summary>
    public const string Name = "CovidCt";
}
