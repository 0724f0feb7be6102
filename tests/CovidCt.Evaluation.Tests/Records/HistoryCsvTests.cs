using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class HistoryCsvTests
{
    [Fact]
    public void Is_written_in_order_and_read_back_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        HistoryEntry[] entries =
        [
            new("resnet18", 0, new(10, 3e-4, 0.1 + 0.2, 1, 2.5)),
            new("resnet18", 0, new(2, 3e-4, double.NaN, 1.0 / 3, 2.5)),
            new("densenet121", 1, new(0, 1e-5, 0.7, 0.5, 100)),
        ];
        HistoryCsv.Write(folder["history.csv"], entries);
        Assert.Equal(
            "network,fold,epoch,learning_rate,train_loss,train_accuracy,seconds\n"
            + "densenet121,1,0,1E-05,0.7,0.5,100\n"
            + "resnet18,0,2,0.0003,NaN,0.3333333333333333,2.5\n"
            + "resnet18,0,10,0.0003,0.30000000000000004,1,2.5\n",
            File.ReadAllText(folder["history.csv"]));
        Assert.Equal([entries[2], entries[1], entries[0]], HistoryCsv.Read(folder["history.csv"]));
    }

    [Fact]
    public void A_faulty_file_is_refused_with_its_name_line_and_column()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["h.csv"], "network,fold,epoch,learning_rate,train_loss,train_accuracy,seconds\na,0,0,fast,1,1,1\n");
        var error = Assert.Throws<InvalidDataException>(() => HistoryCsv.Read(folder["h.csv"]));
        Assert.Equal($"{folder["h.csv"]}, line 2: 'fast' in the column learning_rate is no number.", error.Message);
    }
}
