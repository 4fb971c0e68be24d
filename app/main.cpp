// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"
#include "app/passive_waits.h"

int main(int argc, char **argv)
{
    app::waitPassively(argv);
    return app::run(argc, argv);
}
