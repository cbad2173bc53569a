// Deliveries for people.

#ifndef HERALD_CLIENTS_CLI_DELIVERY_TEXT_H_
#define HERALD_CLIENTS_CLI_DELIVERY_TEXT_H_

#include <string>
#include <vector>

#include "clients/cli/output.h"
#include "herald/v1/delivery.pb.h"

namespace herald::cli {

std::vector<std::string> DeliveryHeader();
std::vector<Cell> DeliveryRow(const v1::Delivery& delivery);

// Every field, and the latest attempt whole.
void PrintDelivery(const v1::Delivery& delivery, Output& output);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_DELIVERY_TEXT_H_
