using CovidCt.Networks;
using CovidCt.Reporting.Tables;

namespace CovidCt.Reporting.Tests.Tables;

public sealed class Table1Tests
{
    [Fact]
    public void Has_a_row_for_each_network()
    {
        var table = Table1.Rows(
            [new("resnet18", "ResNet18", new(349, 253), new(224, 224), 512, 11_689_512, 18, ChannelNormalisation.ImageNet)]);
        Assert.Equal(
            ["Network", "Name", "Canvas", "Square", "Parameters (M)", "Layers", "Size (MB)", "Features"], table.Headers);
        Assert.Equal(
            ["ResNet18", "resnet18", "349×253", "224×224", "11.69", "18", "44.6", "512"], Assert.Single(table.Rows));
    }
}
